//! Adopted plan versions, the tree, targets, public plan pages.
