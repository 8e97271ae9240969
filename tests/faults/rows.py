"""What readings left in the database, without ids and times, so that two runs can be compared."""

import psycopg

QUERIES = {
    "flags": """
        select c.name, f.subject, f.sentence, f.category, f.severity, r.key, f.cause, f.presence, f.state
        from clinics_flag f join clinics_clinic c on c.id = f.clinic_id join clinics_rule r on r.id = f.rule_id""",
    "findings": """
        select c.name, f.subject, r.key, n.rule_version, n.stance, n.severity, n.words
        from clinics_finding n join clinics_flag f on f.id = n.flag_id join clinics_clinic c on c.id = f.clinic_id
        join clinics_rule r on r.id = n.rule_id""",
    "variants": """
        select c.name, f.subject, v.sentence
        from clinics_variant v join clinics_flag f on f.id = v.flag_id join clinics_clinic c on c.id = f.clinic_id""",
    "sightings": """
        select c.name, f.subject, p.url, s.surface, s.digest, s.sentence, s.block, s.cause, s.presence, s.misses,
        s.gones, n.text_digest
        from clinics_sighting s join clinics_flag f on f.id = s.flag_id join clinics_clinic c on c.id = f.clinic_id
        join clinics_page p on p.id = s.page_id join clinics_snapshot n on n.id = s.snapshot_id""",
    "snapshots": """
        select p.url, n.text_digest, n.body, n.content_type
        from clinics_snapshot n join clinics_page p on p.id = n.page_id""",
    "states": """
        select p.url, t.outcome, t.reason, t.failures, t.text_digest, md5(t.said), n.text_digest, t.ruleset_version,
        t.extractor_version
        from clinics_pagestate t join clinics_page p on p.id = t.page_id
        left join clinics_snapshot n on n.id = t.snapshot_id""",
    "checks": """
        select p.url, k.outcome, k.reason, k.status, k.size, k.new_sentences, k.text_digest
        from clinics_check k join clinics_page p on p.id = k.page_id""",
    "hosts": "select name, failures, last_trouble, lease_token is null from clinics_host",
}

Rows = dict[str, list[tuple[object, ...]]]


def canonical(line: psycopg.Connection) -> Rows:
    """Every row that readings write, sorted, each as often as it is there."""
    return {name: sorted(line.execute(query).fetchall(), key=repr) for name, query in QUERIES.items()}
