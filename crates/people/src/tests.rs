//! Stories on both engines, every route as everybody, every page against the wall.
