def plotted(figures):
    return ""
