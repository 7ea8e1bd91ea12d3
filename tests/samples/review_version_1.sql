-- The tables of reviewing as they were at version 1, on SQLite.
CREATE TABLE review_fact (
    name VARCHAR(64) NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name)
);
CREATE TABLE review_decision (
    position INTEGER NOT NULL,
    id VARCHAR(32) NOT NULL,
    time VARCHAR(24) NOT NULL,
    action VARCHAR(16) NOT NULL,
    would VARCHAR(16) NOT NULL,
    inspection VARCHAR(32) NOT NULL,
    destination VARCHAR(64) NOT NULL,
    rule VARCHAR(128) NOT NULL,
    incident VARCHAR(32) NOT NULL,
    found INTEGER NOT NULL,
    summary TEXT NOT NULL,
    PRIMARY KEY (position)
);
CREATE INDEX review_decision_inspection ON review_decision (inspection, time, position);
CREATE INDEX review_decision_destination ON review_decision (destination, time, position);
CREATE INDEX review_decision_incident ON review_decision (incident, time, position);
CREATE INDEX review_decision_action ON review_decision (action, time, position);
CREATE INDEX ix_review_decision_id ON review_decision (id);
CREATE INDEX review_decision_rule ON review_decision (rule, time, position);
CREATE INDEX review_decision_time ON review_decision (time, position);
CREATE TABLE review_decision_entity (
    entity_type VARCHAR(64) NOT NULL,
    time VARCHAR(24) NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (entity_type, time, position)
)
 WITHOUT ROWID;
CREATE TABLE review_decision_class (
    data_class VARCHAR(32) NOT NULL,
    time VARCHAR(24) NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (data_class, time, position)
)
 WITHOUT ROWID;
CREATE TABLE review_decision_group (
    group_name VARCHAR(128) NOT NULL,
    time VARCHAR(24) NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (group_name, time, position)
)
 WITHOUT ROWID;
CREATE TABLE review_hour_count (
    hour VARCHAR(13) NOT NULL,
    destination VARCHAR(64) NOT NULL,
    action VARCHAR(16) NOT NULL,
    inspection VARCHAR(32) NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (hour, destination, action, inspection)
)
 WITHOUT ROWID;
CREATE TABLE review_hour_class_count (
    hour VARCHAR(13) NOT NULL,
    data_class VARCHAR(32) NOT NULL,
    action VARCHAR(16) NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (hour, data_class, action)
)
 WITHOUT ROWID;
CREATE TABLE review_term (
    kind VARCHAR(16) NOT NULL,
    name VARCHAR(128) NOT NULL,
    PRIMARY KEY (kind, name)
)
 WITHOUT ROWID;
CREATE TABLE review_verdict (
    decision_id VARCHAR(32) NOT NULL,
    account VARCHAR(32) NOT NULL,
    "right" INTEGER NOT NULL,
    comment TEXT NOT NULL,
    time VARCHAR(24) NOT NULL,
    PRIMARY KEY (decision_id, account)
);
CREATE TABLE review_account (
    id VARCHAR(32) NOT NULL,
    name VARCHAR(64) NOT NULL,
    password TEXT NOT NULL,
    totp BLOB,
    totp_step BIGINT NOT NULL,
    roles TEXT NOT NULL,
    created VARCHAR(24) NOT NULL,
    disabled INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    locked_until BIGINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (name)
);
CREATE TABLE review_session (
    token BLOB NOT NULL,
    account VARCHAR(32) NOT NULL,
    started BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    PRIMARY KEY (token)
);
CREATE INDEX ix_review_session_account ON review_session (account);
CREATE TABLE review_link (
    token BLOB NOT NULL,
    account VARCHAR(32) NOT NULL,
    expires BIGINT NOT NULL,
    PRIMARY KEY (token)
);
CREATE TABLE review_ledger (
    sequence INTEGER NOT NULL,
    time VARCHAR(24) NOT NULL,
    account VARCHAR(32) NOT NULL,
    act VARCHAR(32) NOT NULL,
    event BLOB NOT NULL,
    previous_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    mac BLOB NOT NULL,
    PRIMARY KEY (sequence)
);
CREATE INDEX ix_review_ledger_account ON review_ledger (account);
CREATE TABLE review_saved_filter (
    account VARCHAR(32) NOT NULL,
    name VARCHAR(64) NOT NULL,
    "query" VARCHAR(1000) NOT NULL,
    PRIMARY KEY (account, name)
);
CREATE TABLE review_incident (
    id VARCHAR(32) NOT NULL,
    kind VARCHAR(64) NOT NULL,
    exposed INTEGER NOT NULL,
    what TEXT NOT NULL,
    source VARCHAR(16) NOT NULL,
    rule VARCHAR(64) NOT NULL,
    began BIGINT NOT NULL,
    opened BIGINT NOT NULL,
    opened_by VARCHAR(32) NOT NULL,
    owner VARCHAR(32) NOT NULL,
    offered_to VARCHAR(32) NOT NULL,
    acknowledged BIGINT,
    closed BIGINT,
    reopened BIGINT,
    reason TEXT NOT NULL,
    round INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX review_incident_opened ON review_incident (opened, id);
CREATE TABLE review_incident_decision (
    incident VARCHAR(32) NOT NULL,
    decision_id VARCHAR(32) NOT NULL,
    PRIMARY KEY (incident, decision_id)
);
CREATE INDEX ix_review_incident_decision_decision_id ON review_incident_decision (decision_id);
CREATE TABLE review_incident_mark (
    mark VARCHAR(160) NOT NULL,
    incident VARCHAR(32) NOT NULL,
    PRIMARY KEY (mark, incident)
);
CREATE TABLE review_incident_step (
    incident VARCHAR(32) NOT NULL,
    step VARCHAR(64) NOT NULL,
    done BIGINT NOT NULL,
    account VARCHAR(32) NOT NULL,
    PRIMARY KEY (incident, step)
);
CREATE TABLE review_incident_entry (
    incident VARCHAR(32) NOT NULL,
    number INTEGER NOT NULL,
    time BIGINT NOT NULL,
    account VARCHAR(32) NOT NULL,
    did VARCHAR(32) NOT NULL,
    about VARCHAR(64) NOT NULL,
    remark TEXT NOT NULL,
    PRIMARY KEY (incident, number)
);
CREATE TABLE review_incident_page (
    incident VARCHAR(32) NOT NULL,
    round INTEGER NOT NULL,
    minute INTEGER NOT NULL,
    channel VARCHAR(64) NOT NULL,
    tries INTEGER NOT NULL,
    claimed_until BIGINT NOT NULL,
    next_try BIGINT NOT NULL,
    sent BIGINT,
    problem TEXT NOT NULL,
    PRIMARY KEY (incident, round, minute, channel)
);
CREATE TABLE review_release (
    id VARCHAR(32) NOT NULL,
    decision_id VARCHAR(32) NOT NULL,
    requester VARCHAR(32) NOT NULL,
    cause VARCHAR(32) NOT NULL,
    remark TEXT NOT NULL,
    reference VARCHAR(100) NOT NULL,
    asked BIGINT NOT NULL,
    lapses BIGINT NOT NULL,
    withdrawn INTEGER NOT NULL,
    approver VARCHAR(32) NOT NULL,
    answered BIGINT NOT NULL,
    granted INTEGER NOT NULL,
    answer TEXT NOT NULL,
    ends BIGINT NOT NULL,
    openings INTEGER NOT NULL,
    allowed INTEGER NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_review_release_decision_id ON review_release (decision_id);
CREATE INDEX ix_review_release_asked ON review_release (asked);
CREATE TABLE review_known_device (
    token BLOB NOT NULL,
    account VARCHAR(32) NOT NULL,
    failures INTEGER NOT NULL,
    expires BIGINT NOT NULL,
    PRIMARY KEY (token)
);
CREATE INDEX ix_review_known_device_account ON review_known_device (account);
CREATE TABLE review_used_ticket (
    token BLOB NOT NULL,
    expires BIGINT NOT NULL,
    PRIMARY KEY (token)
);
CREATE TABLE review_outside_account (
    account VARCHAR(32) NOT NULL,
    subject BLOB NOT NULL,
    PRIMARY KEY (account),
    UNIQUE (subject)
);
CREATE TABLE review_passkey (
    token BLOB NOT NULL,
    account VARCHAR(32) NOT NULL,
    name VARCHAR(64) NOT NULL,
    credential BLOB NOT NULL,
    public_key BLOB NOT NULL,
    counter BIGINT NOT NULL,
    created VARCHAR(24) NOT NULL,
    PRIMARY KEY (token)
);
CREATE INDEX ix_review_passkey_account ON review_passkey (account);
CREATE TABLE review_staff_link (
    token BLOB NOT NULL,
    decision_id VARCHAR(32) NOT NULL,
    made BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    cookie BLOB,
    sealed BLOB,
    PRIMARY KEY (token)
);
CREATE INDEX ix_review_staff_link_made ON review_staff_link (made);
CREATE INDEX ix_review_staff_link_expires ON review_staff_link (expires);
CREATE TABLE review_staff_report (
    id VARCHAR(16) NOT NULL,
    decision_id VARCHAR(32) NOT NULL,
    token BLOB,
    kind VARCHAR(32) NOT NULL,
    remark TEXT NOT NULL,
    signed VARCHAR(64) NOT NULL,
    time VARCHAR(24) NOT NULL,
    outcome VARCHAR(32) NOT NULL,
    incident VARCHAR(32) NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_review_staff_report_decision_id ON review_staff_report (decision_id);
CREATE INDEX review_staff_report_outcome ON review_staff_report (outcome, time, id);
CREATE INDEX ix_review_staff_report_token ON review_staff_report (token);
CREATE TABLE review_staff_answer (
    id VARCHAR(16) NOT NULL,
    report VARCHAR(16) NOT NULL,
    account VARCHAR(32) NOT NULL,
    remark TEXT NOT NULL,
    time VARCHAR(24) NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_review_staff_answer_report ON review_staff_answer (report);
CREATE TABLE review_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT review_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO review_version VALUES ('0001');
