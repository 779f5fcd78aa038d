-- How a year went month by month (진척) is added up from this index alone: the leaves' bytes, which
-- are the large part of a row, stay unread however many people a district counts one by one.
CREATE INDEX entry_months ON entry (district, month_first, node, month_last, field, unit, amount, created_at);
