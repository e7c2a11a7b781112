-- The role with which the site works on PostgreSQL: it can add to the record and never change it.
--
-- As the owner of the database, who alone runs `accreditation init` and `accreditation restore`:
--     accreditation init && psql --file ops/postgresql-role.sql "$DATABASE"
-- again after every upgrade. `serve`, `worker` and `backup` then get a DATABASE_URL with this role.
-- A password: ALTER ROLE accreditation_app PASSWORD '...'; or peer, for a user of the same name.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'accreditation_app') THEN
        CREATE ROLE accreditation_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT;
    END IF;
END
$$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM accreditation_app;
GRANT USAGE ON SCHEMA public TO accreditation_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO accreditation_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO accreditation_app;

-- What never changes. Triggers refuse it too, but only the owner could take this away.
REVOKE UPDATE, DELETE ON
    history, decisions, certificates, scheme_versions, submissions FROM accreditation_app;
REVOKE UPDATE ON history_details FROM accreditation_app; -- erasing deletes them
REVOKE DELETE ON accreditations FROM accreditation_app;
GRANT UPDATE (content, erased_at) ON submissions TO accreditation_app; -- erased when its time is over
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM accreditation_app; -- the owner migrates
