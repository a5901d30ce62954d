CREATE TABLE actor_roles (
	actor_id VARCHAR(200) NOT NULL,
	role VARCHAR(40) NOT NULL,
	granted_at VARCHAR(24) NOT NULL,
	audit_id INTEGER NOT NULL, delete_after VARCHAR(24) DEFAULT '' NOT NULL,
	CONSTRAINT pk_actor_roles PRIMARY KEY (actor_id, role),
	CONSTRAINT fk_actor_roles_actor_id FOREIGN KEY(actor_id) REFERENCES actors (id) ON DELETE CASCADE,
	CONSTRAINT fk_actor_roles_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq)
)

CREATE TABLE actors (
	id VARCHAR(200) NOT NULL,
	added_at VARCHAR(24) NOT NULL,
	audit_id INTEGER NOT NULL, delete_after VARCHAR(24) DEFAULT '' NOT NULL,
	CONSTRAINT pk_actors PRIMARY KEY (id),
	CONSTRAINT fk_actors_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq)
)

CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)

CREATE TABLE alert_evidence (
	id TEXT NOT NULL,
	alert_id VARCHAR(200) NOT NULL,
	kind VARCHAR(40) NOT NULL,
	revision INTEGER NOT NULL,
	sealed BLOB NOT NULL,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL,
	CONSTRAINT pk_alert_evidence PRIMARY KEY (id),
	CONSTRAINT fk_alert_evidence_alert_id FOREIGN KEY(alert_id) REFERENCES alerts (id) ON DELETE CASCADE,
	CONSTRAINT fk_alert_evidence_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq),
	CONSTRAINT uq_alert_evidence_alert_id_kind_revision UNIQUE (alert_id, kind, revision)
)

CREATE TABLE alerts (
	id VARCHAR(200) NOT NULL,
	deployment_id VARCHAR(200) NOT NULL,
	run_id VARCHAR(200),
	camera_id VARCHAR(200) NOT NULL,
	passage VARCHAR(200) NOT NULL,
	watchlist VARCHAR(200) NOT NULL,
	subject_id VARCHAR(200) NOT NULL,
	reference INTEGER NOT NULL,
	captured_at VARCHAR(24) NOT NULL,
	raised_at VARCHAR(24) NOT NULL,
	media_time DOUBLE NOT NULL,
	similarity DOUBLE NOT NULL,
	threshold DOUBLE NOT NULL,
	list_size INTEGER NOT NULL,
	shots INTEGER NOT NULL,
	second_subject_id VARCHAR(200),
	second_similarity DOUBLE,
	ambiguous BOOLEAN NOT NULL,
	lookalikes JSON NOT NULL,
	model VARCHAR(200) NOT NULL,
	revision INTEGER NOT NULL,
	scene_box JSON,
	state VARCHAR(40) NOT NULL,
	data_key_id VARCHAR(200) NOT NULL,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL, governed_by TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_alerts PRIMARY KEY (id),
	CONSTRAINT fk_alerts_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq),
	CONSTRAINT fk_alerts_data_key_id FOREIGN KEY(data_key_id) REFERENCES data_keys (id),
	CONSTRAINT fk_alerts_deployment_id FOREIGN KEY(deployment_id) REFERENCES deployments (id) ON DELETE CASCADE
)

CREATE TABLE audit (
	seq INTEGER NOT NULL,
	at VARCHAR(24) NOT NULL,
	actor VARCHAR(200) NOT NULL,
	event TEXT NOT NULL,
	line BLOB NOT NULL,
	leaf_hash BLOB NOT NULL, link BLOB,
	CONSTRAINT pk_audit PRIMARY KEY (seq)
)

CREATE TRIGGER audit_appends_only BEFORE INSERT ON audit
WHEN NEW.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM audit)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END

CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit
WHEN OLD.seq >= (SELECT coalesce(max("end"), 0) FROM sealed_segments)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END

CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit
WHEN OLD.link IS NOT NULL OR NEW.link IS NULL
OR (NEW.seq, NEW.at, NEW.actor, NEW.event, NEW.line, NEW.leaf_hash)
IS NOT (OLD.seq, OLD.at, OLD.actor, OLD.event, OLD.line, OLD.leaf_hash)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END

CREATE TABLE credentials (
	actor_id VARCHAR(200) NOT NULL,
	sealed BLOB NOT NULL,
	failures INTEGER NOT NULL,
	locked_until VARCHAR(24),
	data_key_id VARCHAR(200) NOT NULL,
	audit_id INTEGER NOT NULL, delete_after VARCHAR(24) DEFAULT '' NOT NULL,
	CONSTRAINT pk_credentials PRIMARY KEY (actor_id),
	CONSTRAINT fk_credentials_actor_id FOREIGN KEY(actor_id) REFERENCES actors (id) ON DELETE CASCADE,
	CONSTRAINT fk_credentials_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq),
	CONSTRAINT fk_credentials_data_key_id FOREIGN KEY(data_key_id) REFERENCES data_keys (id)
)

CREATE TABLE data_keys (
	id VARCHAR(200) NOT NULL,
	kind VARCHAR(40) NOT NULL,
	wrapped BLOB,
	made_at VARCHAR(24) NOT NULL,
	destroyed_at VARCHAR(24),
	audit_id INTEGER NOT NULL, delete_after VARCHAR(24) DEFAULT '' NOT NULL,
	CONSTRAINT pk_data_keys PRIMARY KEY (id),
	CONSTRAINT fk_data_keys_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq)
)

CREATE TABLE decisions (
	id TEXT NOT NULL,
	alert_id VARCHAR(200) NOT NULL,
	position INTEGER NOT NULL,
	move VARCHAR(40) NOT NULL,
	"by" VARCHAR(200) NOT NULL,
	at VARCHAR(24) NOT NULL,
	sealed BLOB NOT NULL,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL, governed_by TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_decisions PRIMARY KEY (id),
	CONSTRAINT fk_decisions_alert_id FOREIGN KEY(alert_id) REFERENCES alerts (id) ON DELETE CASCADE,
	CONSTRAINT fk_decisions_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq),
	CONSTRAINT uq_decisions_alert_id_position UNIQUE (alert_id, position)
)

CREATE TABLE decoys (
	id TEXT NOT NULL,
	sealed BLOB NOT NULL,
	data_key_id VARCHAR(200) NOT NULL,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL, governed_by TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_decoys PRIMARY KEY (id),
	CONSTRAINT fk_decoys_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq),
	CONSTRAINT fk_decoys_data_key_id FOREIGN KEY(data_key_id) REFERENCES data_keys (id)
)

CREATE TABLE deployment_facts (
	id TEXT NOT NULL,
	deployment_id VARCHAR(200) NOT NULL,
	event TEXT NOT NULL,
	governed_by TEXT NOT NULL,
	"by" VARCHAR(200) NOT NULL,
	at VARCHAR(24) NOT NULL,
	evidence JSON,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL,
	CONSTRAINT pk_deployment_facts PRIMARY KEY (id),
	CONSTRAINT fk_deployment_facts_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq)
)

CREATE TABLE deployments (
	id VARCHAR(200) NOT NULL,
	digest VARCHAR(200) NOT NULL,
	payload BLOB NOT NULL,
	signature BLOB NOT NULL,
	key_fingerprint VARCHAR(200) NOT NULL,
	profile TEXT NOT NULL,
	watchlist_digest VARCHAR(200) NOT NULL,
	state VARCHAR(40) NOT NULL,
	opens_at VARCHAR(24) NOT NULL,
	closes_at VARCHAR(24) NOT NULL,
	signed_at VARCHAR(24) NOT NULL,
	closed_at VARCHAR(24),
	closed_reason TEXT,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL, governed_by TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_deployments PRIMARY KEY (id),
	CONSTRAINT fk_deployments_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq)
)

CREATE TABLE incidents (
	id TEXT NOT NULL,
	alert_id VARCHAR(200) NOT NULL,
	deployment_id VARCHAR(200) NOT NULL,
	opened_at VARCHAR(24) NOT NULL,
	opened_by VARCHAR(200) NOT NULL,
	closed_at VARCHAR(24),
	closed_by VARCHAR(200),
	sealed BLOB NOT NULL,
	data_key_id VARCHAR(200) NOT NULL,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL, governed_by TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_incidents PRIMARY KEY (id),
	CONSTRAINT fk_incidents_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq),
	CONSTRAINT fk_incidents_data_key_id FOREIGN KEY(data_key_id) REFERENCES data_keys (id)
)

CREATE TABLE installation (
	id INTEGER NOT NULL,
	master_key_id VARCHAR(200) NOT NULL,
	log_verifier TEXT NOT NULL,
	made_at VARCHAR(24) NOT NULL,
	audit_id INTEGER NOT NULL,
	CONSTRAINT pk_installation PRIMARY KEY (id),
	CONSTRAINT ck_installation_one_row CHECK (id = 1),
	CONSTRAINT fk_installation_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq)
)

CREATE INDEX ix_actor_roles_audit_id ON actor_roles (audit_id)

CREATE INDEX ix_actor_roles_delete_after ON actor_roles (delete_after)

CREATE INDEX ix_actors_audit_id ON actors (audit_id)

CREATE INDEX ix_actors_delete_after ON actors (delete_after)

CREATE INDEX ix_alert_evidence_alert_id ON alert_evidence (alert_id)

CREATE INDEX ix_alert_evidence_audit_id ON alert_evidence (audit_id)

CREATE INDEX ix_alert_evidence_delete_after ON alert_evidence (delete_after)

CREATE INDEX ix_alerts_audit_id ON alerts (audit_id)

CREATE INDEX ix_alerts_delete_after ON alerts (delete_after)

CREATE INDEX ix_alerts_deployment_id ON alerts (deployment_id)

CREATE INDEX ix_alerts_raised_at ON alerts (raised_at)

CREATE INDEX ix_audit_event ON audit (event)

CREATE INDEX ix_credentials_audit_id ON credentials (audit_id)

CREATE INDEX ix_credentials_delete_after ON credentials (delete_after)

CREATE INDEX ix_data_keys_audit_id ON data_keys (audit_id)

CREATE INDEX ix_data_keys_delete_after ON data_keys (delete_after)

CREATE INDEX ix_decisions_alert_id ON decisions (alert_id)

CREATE INDEX ix_decisions_audit_id ON decisions (audit_id)

CREATE INDEX ix_decisions_delete_after ON decisions (delete_after)

CREATE INDEX ix_decoys_audit_id ON decoys (audit_id)

CREATE INDEX ix_decoys_delete_after ON decoys (delete_after)

CREATE INDEX ix_deployment_facts_audit_id ON deployment_facts (audit_id)

CREATE INDEX ix_deployment_facts_delete_after ON deployment_facts (delete_after)

CREATE INDEX ix_deployment_facts_deployment_id ON deployment_facts (deployment_id)

CREATE INDEX ix_deployments_audit_id ON deployments (audit_id)

CREATE INDEX ix_deployments_delete_after ON deployments (delete_after)

CREATE INDEX ix_incidents_alert_id ON incidents (alert_id)

CREATE INDEX ix_incidents_audit_id ON incidents (audit_id)

CREATE INDEX ix_incidents_delete_after ON incidents (delete_after)

CREATE INDEX ix_installation_audit_id ON installation (audit_id)

CREATE INDEX ix_lookalikes_audit_id ON lookalikes (audit_id)

CREATE INDEX ix_lookalikes_delete_after ON lookalikes (delete_after)

CREATE INDEX ix_manifests_audit_id ON manifests (audit_id)

CREATE INDEX ix_manifests_delete_after ON manifests (delete_after)

CREATE INDEX ix_manifests_name ON manifests (name)

CREATE INDEX ix_officer_keys_audit_id ON officer_keys (audit_id)

CREATE INDEX ix_officer_keys_delete_after ON officer_keys (delete_after)

CREATE INDEX ix_organisation_audit_id ON organisation (audit_id)

CREATE INDEX ix_organisation_delete_after ON organisation (delete_after)

CREATE INDEX ix_rights_requests_audit_id ON rights_requests (audit_id)

CREATE INDEX ix_rights_requests_delete_after ON rights_requests (delete_after)

CREATE INDEX ix_runs_audit_id ON runs (audit_id)

CREATE INDEX ix_runs_delete_after ON runs (delete_after)

CREATE INDEX ix_runs_deployment_id ON runs (deployment_id)

CREATE INDEX ix_sealed_segments_audit_id ON sealed_segments (audit_id)

CREATE INDEX ix_secrets_audit_id ON secrets (audit_id)

CREATE INDEX ix_secrets_delete_after ON secrets (delete_after)

CREATE INDEX ix_sessions_actor_id ON sessions (actor_id)

CREATE INDEX ix_sessions_audit_id ON sessions (audit_id)

CREATE INDEX ix_sessions_delete_after ON sessions (delete_after)

CREATE INDEX ix_stop_requests_audit_id ON stop_requests (audit_id)

CREATE INDEX ix_stop_requests_delete_after ON stop_requests (delete_after)

CREATE INDEX ix_subject_links_audit_id ON subject_links (audit_id)

CREATE INDEX ix_subject_links_delete_after ON subject_links (delete_after)

CREATE INDEX ix_templates_audit_id ON templates (audit_id)

CREATE INDEX ix_templates_delete_after ON templates (delete_after)

CREATE INDEX ix_templates_image_id ON templates (image_id)

CREATE INDEX ix_test_evidence_audit_id ON test_evidence (audit_id)

CREATE INDEX ix_test_evidence_delete_after ON test_evidence (delete_after)

CREATE INDEX ix_training_audit_id ON training (audit_id)

CREATE INDEX ix_training_delete_after ON training (delete_after)

CREATE INDEX ix_walk_consents_audit_id ON walk_consents (audit_id)

CREATE INDEX ix_walk_consents_delete_after ON walk_consents (delete_after)

CREATE INDEX ix_walk_passes_audit_id ON walk_passes (audit_id)

CREATE INDEX ix_walk_passes_delete_after ON walk_passes (delete_after)

CREATE INDEX ix_walk_passes_deployment_id ON walk_passes (deployment_id)

CREATE INDEX ix_walk_passes_participant ON walk_passes (participant)

CREATE INDEX ix_watchlist_entries_audit_id ON watchlist_entries (audit_id)

CREATE INDEX ix_watchlist_entries_delete_after ON watchlist_entries (delete_after)

CREATE INDEX ix_watchlist_entries_watchlist_id ON watchlist_entries (watchlist_id)

CREATE INDEX ix_watchlist_images_audit_id ON watchlist_images (audit_id)

CREATE INDEX ix_watchlist_images_delete_after ON watchlist_images (delete_after)

CREATE INDEX ix_watchlist_images_entry_id ON watchlist_images (entry_id)

CREATE INDEX ix_watchlists_audit_id ON watchlists (audit_id)

CREATE INDEX ix_watchlists_delete_after ON watchlists (delete_after)

CREATE TABLE lookalikes (
	watchlist_id TEXT NOT NULL,
	first VARCHAR(200) NOT NULL,
	second VARCHAR(200) NOT NULL,
	model VARCHAR(200) NOT NULL,
	similarity DOUBLE NOT NULL,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL,
	CONSTRAINT pk_lookalikes PRIMARY KEY (watchlist_id, first, second, model),
	CONSTRAINT fk_lookalikes_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq),
	CONSTRAINT fk_lookalikes_watchlist_id FOREIGN KEY(watchlist_id) REFERENCES watchlists (id) ON DELETE CASCADE
)

CREATE TABLE manifests (
	watchlist_id TEXT NOT NULL,
	subject_id VARCHAR(200) NOT NULL,
	name VARCHAR(200) NOT NULL,
	category TEXT NOT NULL,
	imported_at VARCHAR(24) NOT NULL,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL, governed_by TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_manifests PRIMARY KEY (watchlist_id, subject_id),
	CONSTRAINT fk_manifests_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq)
)

CREATE TABLE officer_keys (
	fingerprint VARCHAR(200) NOT NULL,
	name TEXT NOT NULL,
	public_key BLOB NOT NULL,
	state VARCHAR(40) NOT NULL,
	added_by VARCHAR(200) NOT NULL,
	added_at VARCHAR(24) NOT NULL,
	revoked_at VARCHAR(24),
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL,
	CONSTRAINT pk_officer_keys PRIMARY KEY (fingerprint),
	CONSTRAINT fk_officer_keys_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq)
)

CREATE TABLE organisation (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	issuer TEXT NOT NULL,
	client_id TEXT NOT NULL,
	strong JSON NOT NULL,
	sealed BLOB NOT NULL,
	data_key_id VARCHAR(200) NOT NULL,
	set_at VARCHAR(24) NOT NULL,
	set_by VARCHAR(200) NOT NULL,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL,
	CONSTRAINT pk_organisation PRIMARY KEY (id),
	CONSTRAINT ck_organisation_one_row CHECK (id = 1),
	CONSTRAINT fk_organisation_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq),
	CONSTRAINT fk_organisation_data_key_id FOREIGN KEY(data_key_id) REFERENCES data_keys (id)
)

CREATE TABLE rights_requests (
	id TEXT NOT NULL,
	"right" TEXT NOT NULL,
	received_on DATE NOT NULL,
	asked_on DATE,
	told_on DATE,
	extended BOOLEAN NOT NULL,
	received_by VARCHAR(200) NOT NULL,
	answered_at VARCHAR(24),
	answered_by VARCHAR(200),
	outcome TEXT,
	ground TEXT,
	sealed BLOB NOT NULL,
	data_key_id VARCHAR(200) NOT NULL,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL,
	CONSTRAINT pk_rights_requests PRIMARY KEY (id),
	CONSTRAINT fk_rights_requests_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq),
	CONSTRAINT fk_rights_requests_data_key_id FOREIGN KEY(data_key_id) REFERENCES data_keys (id)
)

CREATE TABLE row_marks (
	name TEXT NOT NULL,
	"key" TEXT NOT NULL,
	mark BLOB NOT NULL,
	CONSTRAINT pk_row_marks PRIMARY KEY (name, "key")
)

CREATE TABLE runs (
	id VARCHAR(200) NOT NULL,
	deployment_id VARCHAR(200) NOT NULL,
	started_at VARCHAR(24) NOT NULL,
	ended_at VARCHAR(24),
	summary JSON,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL, governed_by TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_runs PRIMARY KEY (id),
	CONSTRAINT fk_runs_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq),
	CONSTRAINT fk_runs_deployment_id FOREIGN KEY(deployment_id) REFERENCES deployments (id) ON DELETE CASCADE
)

CREATE TABLE sealed_segments (
	"end" INTEGER NOT NULL,
	edges BLOB NOT NULL,
	leaf_hashes BLOB NOT NULL,
	sealed_at VARCHAR(24) NOT NULL,
	audit_id INTEGER NOT NULL,
	CONSTRAINT pk_sealed_segments PRIMARY KEY ("end"),
	CONSTRAINT fk_sealed_segments_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq)
)

CREATE TABLE secrets (
	name TEXT NOT NULL,
	sealed BLOB NOT NULL,
	data_key_id VARCHAR(200) NOT NULL,
	set_at VARCHAR(24) NOT NULL,
	set_by VARCHAR(200) NOT NULL,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL,
	CONSTRAINT pk_secrets PRIMARY KEY (name),
	CONSTRAINT fk_secrets_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq),
	CONSTRAINT fk_secrets_data_key_id FOREIGN KEY(data_key_id) REFERENCES data_keys (id)
)

CREATE TABLE sessions (
	digest TEXT NOT NULL,
	actor_id VARCHAR(200) NOT NULL,
	opened_at VARCHAR(24) NOT NULL,
	ends_at VARCHAR(24) NOT NULL,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL,
	CONSTRAINT pk_sessions PRIMARY KEY (digest),
	CONSTRAINT fk_sessions_actor_id FOREIGN KEY(actor_id) REFERENCES actors (id) ON DELETE CASCADE,
	CONSTRAINT fk_sessions_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq)
)

CREATE TABLE stop_requests (
	deployment_id VARCHAR(200) NOT NULL,
	requested_at VARCHAR(24) NOT NULL,
	requested_by VARCHAR(200) NOT NULL,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL, governed_by TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_stop_requests PRIMARY KEY (deployment_id),
	CONSTRAINT fk_stop_requests_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq),
	CONSTRAINT fk_stop_requests_deployment_id FOREIGN KEY(deployment_id) REFERENCES deployments (id) ON DELETE CASCADE
)

CREATE TABLE subject_links (
	actor_id VARCHAR(200) NOT NULL,
	issuer TEXT NOT NULL,
	subject TEXT NOT NULL,
	linked_at VARCHAR(24) NOT NULL,
	linked_by VARCHAR(200) NOT NULL,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL,
	CONSTRAINT pk_subject_links PRIMARY KEY (actor_id),
	CONSTRAINT fk_subject_links_actor_id FOREIGN KEY(actor_id) REFERENCES actors (id) ON DELETE CASCADE,
	CONSTRAINT fk_subject_links_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq),
	CONSTRAINT uq_subject_links_issuer_subject UNIQUE (issuer, subject)
)

CREATE TABLE templates (
	id TEXT NOT NULL,
	image_id TEXT NOT NULL,
	model VARCHAR(200) NOT NULL,
	sealed BLOB NOT NULL,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL,
	CONSTRAINT pk_templates PRIMARY KEY (id),
	CONSTRAINT fk_templates_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq),
	CONSTRAINT fk_templates_image_id FOREIGN KEY(image_id) REFERENCES watchlist_images (id) ON DELETE CASCADE,
	CONSTRAINT uq_templates_image_id_model UNIQUE (image_id, model)
)

CREATE TABLE test_evidence (
	id TEXT NOT NULL,
	"by" VARCHAR(200) NOT NULL,
	at VARCHAR(24) NOT NULL,
	evidence JSON,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL,
	CONSTRAINT pk_test_evidence PRIMARY KEY (id),
	CONSTRAINT fk_test_evidence_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq)
)

CREATE TABLE training (
	actor_id VARCHAR(200) NOT NULL,
	role VARCHAR(40) NOT NULL,
	trained_at VARCHAR(24) NOT NULL,
	expires_at VARCHAR(24) NOT NULL,
	audit_id INTEGER NOT NULL, delete_after VARCHAR(24) DEFAULT '' NOT NULL,
	CONSTRAINT pk_training PRIMARY KEY (actor_id, role),
	CONSTRAINT fk_training_actor_id FOREIGN KEY(actor_id) REFERENCES actors (id) ON DELETE CASCADE,
	CONSTRAINT fk_training_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq)
)

CREATE TABLE tree_state (
	id INTEGER NOT NULL,
	size INTEGER NOT NULL,
	edges BLOB NOT NULL,
	at VARCHAR(24) NOT NULL,
	checkpoint TEXT NOT NULL, tallies BLOB,
	CONSTRAINT pk_tree_state PRIMARY KEY (id),
	CONSTRAINT ck_tree_state_one_row CHECK (id = 1)
)

CREATE TABLE walk_consents (
	participant VARCHAR(200) NOT NULL,
	given_on DATE NOT NULL,
	recorded_at VARCHAR(24) NOT NULL,
	recorded_by VARCHAR(200) NOT NULL,
	withdrawn_at VARCHAR(24),
	withdrawn_by VARCHAR(200),
	sealed BLOB NOT NULL,
	data_key_id VARCHAR(200) NOT NULL,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL, governed_by TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_walk_consents PRIMARY KEY (participant),
	CONSTRAINT fk_walk_consents_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq),
	CONSTRAINT fk_walk_consents_data_key_id FOREIGN KEY(data_key_id) REFERENCES data_keys (id)
)

CREATE TABLE walk_passes (
	id TEXT NOT NULL,
	deployment_id VARCHAR(200) NOT NULL,
	participant VARCHAR(200) NOT NULL,
	camera_id VARCHAR(200) NOT NULL,
	at VARCHAR(24) NOT NULL,
	zone VARCHAR(40) NOT NULL,
	light VARCHAR(40) NOT NULL,
	distance VARCHAR(40) NOT NULL,
	eyewear VARCHAR(40) NOT NULL,
	headgear VARCHAR(40) NOT NULL,
	logged_at VARCHAR(24) NOT NULL,
	logged_by VARCHAR(200) NOT NULL,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL, governed_by TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_walk_passes PRIMARY KEY (id),
	CONSTRAINT fk_walk_passes_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq),
	CONSTRAINT fk_walk_passes_deployment_id FOREIGN KEY(deployment_id) REFERENCES deployments (id) ON DELETE CASCADE,
	CONSTRAINT uq_walk_passes_deployment_id_participant_camera_id_at UNIQUE (deployment_id, participant, camera_id, at)
)

CREATE TABLE watchlist_entries (
	id TEXT NOT NULL,
	watchlist_id TEXT NOT NULL,
	subject_id VARCHAR(200) NOT NULL,
	position INTEGER NOT NULL,
	category TEXT NOT NULL,
	review_by DATE NOT NULL,
	state VARCHAR(40) NOT NULL,
	sealed BLOB NOT NULL,
	stood_down_at VARCHAR(24),
	stood_down_by VARCHAR(200),
	sealed_stand_down_reason BLOB,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL, under_age BOOLEAN DEFAULT 0 NOT NULL, sealed_rationale BLOB,
	CONSTRAINT pk_watchlist_entries PRIMARY KEY (id),
	CONSTRAINT fk_watchlist_entries_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq),
	CONSTRAINT fk_watchlist_entries_watchlist_id FOREIGN KEY(watchlist_id) REFERENCES watchlists (id) ON DELETE CASCADE,
	CONSTRAINT uq_watchlist_entries_watchlist_id_subject_id UNIQUE (watchlist_id, subject_id)
)

CREATE TABLE watchlist_images (
	id TEXT NOT NULL,
	entry_id TEXT NOT NULL,
	position INTEGER NOT NULL,
	sha256 TEXT NOT NULL,
	sealed BLOB NOT NULL,
	face JSON NOT NULL,
	quality JSON NOT NULL,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL,
	CONSTRAINT pk_watchlist_images PRIMARY KEY (id),
	CONSTRAINT fk_watchlist_images_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq),
	CONSTRAINT fk_watchlist_images_entry_id FOREIGN KEY(entry_id) REFERENCES watchlist_entries (id) ON DELETE CASCADE,
	CONSTRAINT uq_watchlist_images_entry_id_position UNIQUE (entry_id, position)
)

CREATE TABLE watchlists (
	id TEXT NOT NULL,
	name VARCHAR(200) NOT NULL,
	profile TEXT,
	digest VARCHAR(200) NOT NULL,
	imported_at VARCHAR(24) NOT NULL,
	imported_by VARCHAR(200) NOT NULL,
	data_key_id VARCHAR(200) NOT NULL,
	audit_id INTEGER NOT NULL,
	delete_after VARCHAR(24) NOT NULL, governed_by TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_watchlists PRIMARY KEY (id),
	CONSTRAINT fk_watchlists_audit_id FOREIGN KEY(audit_id) REFERENCES audit (seq),
	CONSTRAINT fk_watchlists_data_key_id FOREIGN KEY(data_key_id) REFERENCES data_keys (id),
	CONSTRAINT uq_watchlists_name UNIQUE (name)
)
