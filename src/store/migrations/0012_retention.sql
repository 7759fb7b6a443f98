-- What is pruned by age is found by age.

CREATE INDEX visit_by_hour ON visit_hour (hour);
CREATE INDEX letter_by_closed ON letter (closed);
CREATE INDEX reading_by_time ON reading (ended);
CREATE INDEX life_by_reading ON life (reading) WHERE reading IS NOT NULL;
