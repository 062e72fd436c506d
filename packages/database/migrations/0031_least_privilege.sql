-- Whoever refreshes a materialized view has to own it, which the server's account need not.
CREATE FUNCTION refresh_queue_summary() RETURNS VOID LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    REFRESH MATERIALIZED VIEW CONCURRENTLY queue_summary;
END $$;
REVOKE EXECUTE ON FUNCTION refresh_queue_summary() FROM PUBLIC;
