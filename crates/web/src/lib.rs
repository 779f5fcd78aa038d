//! The page kit: layout, components, charts, sessions, route table.
