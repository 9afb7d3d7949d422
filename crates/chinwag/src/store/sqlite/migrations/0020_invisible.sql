-- Whether others see the person as if they were never here, as the person chose.
ALTER TABLE users ADD COLUMN invisible INTEGER NOT NULL DEFAULT 0 CHECK (invisible IN (0, 1));
