"""The wording of the simulated year: what its clinics say for harmless, and the statements planted in it.

All of it is invented for this measure and stands in no labelled corpus. A planted statement is one that the shipped
rules flag when it stands alone, which `tests/benchmarks/test_simulated_year.py` holds: the year measures whether a
change is seen and told once, not how wording is judged.
"""

from typing import Final

HARMLESS: Final = (
    "{name} is in the centre of {city}, two streets from the railway station.",
    "The waiting room has a corner for children and free water for everybody.",
    "Please bring your insurance card and a list of the medicines you take.",
    "There is parking behind the building, and the lift takes you to the second floor.",
    "Our reception is open from Monday to Friday.",
    "You can change an appointment by telephone up to one day before.",
    "The practice was founded by two friends who had studied together.",
    "We moved into these rooms after the old building had become too small.",
    "Interpreters for Spanish and for sign language can be booked free of charge.",
    "Visitors with a wheelchair use the entrance on the north side.",
    "A member of the team calls you on the day before your visit.",
    "The first conversation takes about forty minutes.",
    "Your file is kept in this house and is not sent to anybody without your consent.",
    "On your first day we take your history and look at the pictures you bring.",
    "Parking tickets are stamped at the desk.",
    "The building has a garden where patients may wait in summer.",
    "We answer letters within five working days.",
    "Bills are sent by post at the end of each month.",
    "The team meets every Tuesday morning to go through the week's appointments.",
    "Photographs on this page were taken in our own rooms.",
    "Dogs that help their owners are welcome.",
    "Our library has books on the anatomy of the {part} for curious readers.",
    "The {part} is one of the most used joints of the body.",
    "An examination of the {part} begins with watching how you walk and stand.",
    "Pictures of the {part} can be sent to us on a disc or by a secure link.",
    "Physiotherapists in {city} work with us and report to your family doctor.",
    "The bus stops in front of the house; the stop is named after the old market.",
    "We close for lunch between noon and one o'clock.",
    "If you are late, please call, and we will find another time.",
    "A second visit is arranged at the desk before you leave.",
    "Our nurses train every spring at the community college.",
    "The rooms are cleaned twice a day.",
    "Please tell us about allergies when you book.",
    "For a prescription, write to the desk and allow two working days.",
    "Complaints are read by the head of the practice and answered in writing.",
    "Blood samples are taken between eight and ten in the morning.",
    "Visitors from out of town find a list of small hotels at the desk.",
    "The head of reception has been with us for nine years.",
    "We hold an evening for the neighbourhood once a year.",
    "Coffee is on the house, and the biscuits are baked next door.",
)

MENU: Final = ("Home", "About us", "The team", "Visiting us", "Prices", "News", "Contact", "Imprint")

NEWS: Final = (
    "A new bench for the garden",
    "We have painted the stairs",
    "Our receptionist runs the {city} half marathon",
    "Winter hours at the desk",
    "A visit from the school next door",
    "New chairs in the waiting room",
    "The lift is being repaired",
    "Thank you for the flowers",
    "Road works in front of the house",
    "Our summer party in pictures",
    "A book about the history of {city}",
    "We welcome two apprentices",
    "The old sign has gone to the museum",
    "How to find the new entrance",
    "The choir of {city} sang in our hall",
    "A quieter telephone",
)

ROTATING: Final = (
    "Did you know that the garden has eleven kinds of roses?",
    "The library lends two books at a time.",
    "Our door is open to the neighbourhood on Saturdays.",
    "Ask at the desk for the map of {city}.",
    "The stairs have ninety-one steps; the lift has none.",
    "Tea is served at four.",
    "Lost umbrellas are kept for a month.",
    "The clock in the hall is older than the house.",
)

SOCIAL: Final = (
    "Sunny morning in {city}!",
    "Look who came to visit us today.",
    "The team says hello from the garden.",
    "First snow on the roof this morning.",
    "Lunch break with the whole team.",
    "Can you guess which room this is?",
    "Our plant has a new leaf.",
    "Rainy day, warm tea.",
)

SEASONS: Final = (
    ((12, 20), (1, 3), "We wish all our visitors a merry Christmas and a happy New Year!"),
    ((2, 12), (2, 16), "Happy Valentine's Day from the whole team!"),
    ((7, 2), (7, 6), "We are closed on the Fourth of July."),
    ((11, 20), (11, 28), "Happy Thanksgiving! The desk is closed until Monday."),
    ((4, 1), (4, 12), "Happy Easter from everybody at the practice."),
)

PARTS: Final = ("knee", "shoulder", "hip", "elbow", "ankle", "wrist")
CITIES: Final = ("Fairhaven", "Millbrook", "Stonebridge", "Easton Falls", "Cedar Point", "Harrow Creek", "Lakemont")
NAMES: Final = ("Northfield", "Willow Bank", "Harbour Gate", "Old Mill", "Blue Heron", "Summit Row", "Elm Court")
KINDS: Final = ("Joint Practice", "Spine Rooms", "Cell Clinic", "Regenerative Practice", "Orthopaedic House")

CLAIMS: Final = (
    "Our stem cell therapy cures arthritis of the {part}.",
    "This treatment is FDA approved for every kind of {part} pain.",
    "Stem cells reverse multiple sclerosis.",
    "We guarantee that your {part} will be free of pain.",
    "There are no risks and no side effects with our stem cell injections.",
    "Our exosome infusions heal autism in children.",
    "Because the cells are your own, the FDA does not regulate the procedure.",
    "Avoid {part} surgery with our stem cell injections.",
    "Stem cell therapy cures Parkinson's disease.",
    "Our stem cells regenerate the cartilage of the {part} completely.",
    "Every patient of ours walks without pain after stem cell therapy.",
    "Our stem cell treatment has a success rate of 97 percent.",
    "We treat ALS, autism and dementia with umbilical cord stem cells.",
    "Stem cells stop Alzheimer's disease and bring the memory back.",
    "Our umbilical cord product is approved by the FDA.",
    "Stem cell injections are a proven cure for back pain.",
    "One injection of stem cells lasts for the rest of your life.",
    "Our stem cell treatment is completely safe and has no risks.",
    "Our exosomes are FDA approved.",
    "Stem cells cure diabetes without medicine.",
    "We guarantee results with every stem cell injection.",
    "Stem cell therapy reverses the damage of a stroke.",
    "Our stem cell infusion cures lupus.",
    "You will never need a {part} replacement after our stem cell therapy.",
)

SPANISH: Final = (
    "Nuestra terapia con células madre cura la artritis.",
    "Este tratamiento está aprobado por la FDA.",
    "Las células madre curan la diabetes.",
    "El tratamiento con células madre no tiene ningún riesgo.",
)

# Each pair: what stands there first and is no claim, and what the planted edit makes of it.
DENIALS_LOST: Final = (
    ("Our stem cell therapy is not FDA approved.", "Our stem cell therapy is FDA approved."),
    ("Stem cells do not cure arthritis.", "Stem cells cure arthritis."),
    ("We do not guarantee results.", "We guarantee results."),
)
HEDGES_LOST: Final = (
    ("Stem cells may cure arthritis.", "Stem cells will cure arthritis."),
    ("It is not known whether stem cells reverse lupus.", "Stem cells reverse lupus."),
)
HEADINGS_LOST: Final = (
    ("Myth:", "Stem cell therapy cures every kind of pain."),
    ("Myth:", "Our treatment is approved by the FDA."),
)

# Claims whose numbers change now and then: the same flag with a variant.
NUMBERED: Final = (
    "Our stem cell therapy has a success rate of {number} percent.",
    "More than {number} patients were cured by our stem cells.",
    "Book before the {number} and get your stem cell cure for arthritis at half the price.",
)

WALLS: Final = (
    (403, "<title>Attention Required</title><h1>Checking if you are human</h1><p>Please complete the captcha.</p>"),
    (200, "<title>Just a moment...</title><p>Verifying you are human. This may take a few seconds.</p>"),
    (200, "<title>Access denied</title><h1>Access denied</h1><p>Your request was blocked by a security service.</p>"),
    (401, "<title>Log in</title><p>Please log in to see this page.</p>"),
)
AWAY: Final = (
    (200, "<title>Maintenance</title><h1>We'll be right back</h1><p>The site is down for maintenance.</p>"),
    (503, "<title>503 Service Unavailable</title><h1>Service Unavailable</h1>"),
    (500, "<title>Error</title><p>Error establishing a database connection</p>"),
    (200, "<title>Page not found</title><h1>404</h1><p>The page you are looking for could not be found.</p>"),
    (200, '<!doctype html><title>Loading</title><div id="root"></div><script src="/app.js"></script>'),
    (200, ""),
    (404, "<title>Not found</title><h1>Not Found</h1>"),
)
PARKED: Final = (
    "<title>{host}</title><h1>{host}</h1><p>This domain may be for sale.</p>"
    "<p>Buy this domain</p><p>Related searches: hotels, flights, insurance</p>"
)
CASINO: Final = (
    "<title>Lucky Palm online games</title><h1>Lucky Palm</h1><p>Welcome to Lucky Palm, the home of card games.</p>"
    "<p>Play forty tables at any hour of the day.</p><p>New players get ten free rounds.</p>"
    "<p>Read the rules of every game before you sit down.</p><p>Only for players over the age of twenty-one.</p>"
    "<p>Our dealers speak nine languages.</p><p>Withdraw what you win on the same day.</p>"
)
