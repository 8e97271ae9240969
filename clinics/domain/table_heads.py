"""Which headings of a table stand over its cells."""


class Table:
    """The heads of one table as it is read, row by row."""

    def __init__(self) -> None:
        self._heads: dict[int, str] = {}
        self._row_head = ""
        self._row = -1
        self._column = 0
        self._width = 0

    def start_row(self) -> None:
        """A new row begins."""
        self._row += 1
        self._column = 0
        self._width = 0
        self._row_head = ""

    def start_cell(self, tag: str, span: int) -> tuple[str, ...]:
        """A new cell begins ("td" or "th"); the texts that govern it: its column's head, then its row's."""
        self._column += self._width
        self._width = span
        if tag == "th":
            return ()
        if self._row == 0 and self._heads:  # the first row turned out to hold values: its heads are the row's
            self._row_head = " ".join(self._heads.values())
            self._heads.clear()
        return tuple(text for text in (self._heads.get(self._column, ""), self._row_head) if text)

    def name(self, text: str) -> None:
        """The head cell that was begun last says `text`: over its columns in the first rows, over its row elsewhere."""
        if self._row <= 0 or (self._column and not self._row_head):
            for column in range(self._column, self._column + self._width):
                self._heads[column] = text
        else:
            self._row_head = text
