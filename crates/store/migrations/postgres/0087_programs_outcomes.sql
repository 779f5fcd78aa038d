-- On which day somebody was asked how she is, and by which way. Answers written down before say neither.
ALTER TABLE program_outcome ADD COLUMN asked_on TEXT;
ALTER TABLE program_outcome ADD COLUMN asked_how TEXT;
