"""Writes what is on the screen, as the accessibility bus tells it: one line an element, role, name, box.

The bus has a ready-made client for Python in Debian and none as small for Rust. Nothing is decided here.
"""
import pyatspi


def box(element):
    try:
        extents = element.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
        return extents.x, extents.y, extents.width, extents.height
    except Exception:  # it has none, or it went away while being asked: the bus has an error for each
        return 0, 0, 0, 0


def walk(element):
    try:
        if element is None:
            return
        name = (element.name or "").replace("\t", " ").replace("\n", " ")
        print(element.getRoleName(), name, *box(element), sep="\t")
        children = [element.getChildAtIndex(index) for index in range(element.childCount)]
    except Exception:  # it went away: what is left of the screen is still worth seeing
        return
    for child in children:
        walk(child)


desktop = pyatspi.Registry.getDesktop(0)
for index in range(desktop.childCount):
    walk(desktop.getChildAtIndex(index))
