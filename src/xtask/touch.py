"""Writes what is on the screen, as the accessibility bus tells it: one line an element, role, name, box.

The bus has a ready-made client for Python in Debian and none as small for Rust. Nothing is decided here.
"""
import pyatspi


def walk(element):
    if element is None:
        return
    try:
        box = element.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
        shape = (box.x, box.y, box.width, box.height)
    except NotImplementedError:
        shape = (0, 0, 0, 0)
    name = (element.name or "").replace("\t", " ").replace("\n", " ")
    print(element.getRoleName(), name, *shape, sep="\t")
    for index in range(element.childCount):
        walk(element.getChildAtIndex(index))


desktop = pyatspi.Registry.getDesktop(0)
for index in range(desktop.childCount):
    walk(desktop.getChildAtIndex(index))
