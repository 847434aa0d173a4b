-- The tables that Kamailio asks for: it looks at the versions before it looks at the rows.
CREATE TABLE version (table_name VARCHAR(32) NOT NULL PRIMARY KEY, table_version INTEGER NOT NULL);
INSERT INTO version VALUES ('subscriber', 7);
CREATE TABLE subscriber (
    id INTEGER PRIMARY KEY,
    username VARCHAR(64) NOT NULL,
    domain VARCHAR(64) NOT NULL,
    password VARCHAR(64) NOT NULL DEFAULT '',
    ha1 VARCHAR(128) NOT NULL,
    UNIQUE (username, domain)
);
