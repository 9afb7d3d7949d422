-- Sums over the rows of each table, so that a byte that flipped on the disk is found (sums.rs). `owner`
-- and `run` tell the sums of messages apart: the channel, and the numbers divided by 1,024.
CREATE TABLE sums (
    name  TEXT    NOT NULL,
    owner INTEGER NOT NULL,
    run   INTEGER NOT NULL,
    sum   INTEGER NOT NULL,
    PRIMARY KEY (name, owner, run)
) STRICT, WITHOUT ROWID;

-- How many bytes of files each person has, and all together (as person 0, which nobody is): a quota
-- is looked up, never counted.
CREATE TABLE stored (
    owner INTEGER PRIMARY KEY,
    bytes INTEGER NOT NULL
) STRICT;
INSERT INTO stored SELECT owner, sum(size_bytes) FROM uploads GROUP BY owner;
INSERT INTO stored SELECT 0, coalesce(sum(size_bytes), 0) FROM uploads;

CREATE TRIGGER upload_came AFTER INSERT ON uploads BEGIN
    INSERT INTO stored VALUES (new.owner, new.size_bytes)
        ON CONFLICT (owner) DO UPDATE SET bytes = bytes + excluded.bytes;
    UPDATE stored SET bytes = bytes + new.size_bytes WHERE owner = 0;
END;
CREATE TRIGGER upload_went AFTER DELETE ON uploads BEGIN
    UPDATE stored SET bytes = bytes - old.size_bytes WHERE owner IN (old.owner, 0);
END;
