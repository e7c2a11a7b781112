"""Invariants of applications, decisions, accreditations, certificates and incentives."""

from accreditation.services.invariants.stating import by_query

CASES = (
    by_query(
        "one_running_application",
        "A site has at most one running application in a call.",
        """
        SELECT call_id AS call_row, site_id AS site, count(*) AS running FROM applications
        WHERE state NOT IN ('withdrawn', 'declined') GROUP BY call_id, site_id HAVING count(*) > 1
        """,
    ),
    by_query(
        "submissions_consecutive",
        "What was sent is numbered 1, 2, 3 …, and nothing moves on that was never sent.",
        """
        SELECT a.id AS application, a.state, count(s.id) AS submissions, max(s.number) AS highest
        FROM applications a LEFT JOIN submissions s ON s.application_id = a.id
        GROUP BY a.id, a.state
        HAVING coalesce(max(s.number), 0) <> count(s.id)
            OR count(DISTINCT s.number) <> count(s.id)
            OR (count(s.id) > 0 AND min(s.number) <> 1)
            OR (count(s.id) = 0 AND a.state NOT IN ('draft', 'withdrawn'))
        """,
    ),
    by_query(
        "decision_fits_state",
        "An application is accredited or refused when that was decided, and only then.",
        """
        SELECT a.id AS application, a.state, d.outcome AS decision
        FROM applications a LEFT JOIN decisions d ON d.application_id = a.id
        WHERE (a.state = 'accredited') <> (coalesce(d.outcome, 'none') LIKE 'accredited%')
            OR (a.state = 'refused') <> (coalesce(d.outcome, 'none') = 'refused')
        """,
    ),
    by_query(
        "decider_did_not_evaluate",
        "Nobody decided on a case that they had reviewed or settled a difference in.",
        """
        SELECT d.id AS decision, d.application_id AS application, d.decided_by_id AS person
        FROM decisions d
        WHERE EXISTS (SELECT 1 FROM reviews r WHERE r.application_id = d.application_id
                AND r.reviewer_id = d.decided_by_id AND (r.state <> 'released'
                    OR EXISTS (SELECT 1 FROM findings f WHERE f.review_id = r.id)))
            OR EXISTS (SELECT 1 FROM reconciliations s
                WHERE s.application_id = d.application_id AND s.settled_by_id = d.decided_by_id)
        """,
    ),
    by_query(
        "one_running_accreditation",
        "A site has at most one running accreditation.",
        """
        SELECT site_id AS site, count(*) AS running FROM accreditations
        WHERE state IN ('active', 'suspended') GROUP BY site_id HAVING count(*) > 1
        """,
    ),
    by_query(
        "one_certificate_per_grant",
        "A decision that accredits has one edition of a certificate, a refusal has none.",
        """
        SELECT d.id AS decision, d.outcome, count(c.id) AS certificates
        FROM decisions d LEFT JOIN certificates c ON c.decision_id = d.id
        GROUP BY d.id, d.outcome
        HAVING count(c.id) <> CASE d.outcome WHEN 'refused' THEN 0 ELSE 1 END
        """,
    ),
    by_query(
        "certificate_of_its_case",
        "Certificate, decision and accreditation speak of the same case, site and day.",
        """
        SELECT c.id AS certificate, c.application_id AS application
        FROM certificates c JOIN decisions d ON d.id = c.decision_id
            JOIN applications p ON p.id = c.application_id
            JOIN accreditations a ON a.id = c.accreditation_id
        WHERE d.application_id <> c.application_id OR p.site_id <> a.site_id
            OR d.decided_on <> c.valid_from
        """,
    ),
    by_query(
        "editions_consecutive",
        "The editions of an accreditation's certificate are 1, 2, 3 …, and there is one at least.",
        """
        SELECT a.number AS accreditation, count(c.id) AS editions, max(c.edition) AS highest
        FROM accreditations a LEFT JOIN certificates c ON c.accreditation_id = a.id
        GROUP BY a.id, a.number
        HAVING count(c.id) = 0 OR max(c.edition) <> count(c.id) OR min(c.edition) <> 1
            OR count(DISTINCT c.edition) <> count(c.id)
        """,
    ),
    by_query(
        "accreditation_shows_newest",
        "An accreditation is valid until the day on its newest certificate.",
        """
        SELECT a.number AS accreditation, a.valid_until, c.valid_until AS on_certificate
        FROM accreditations a JOIN certificates c ON c.accreditation_id = a.id
        WHERE c.valid_until <> a.valid_until AND c.edition =
            (SELECT max(n.edition) FROM certificates n WHERE n.accreditation_id = a.id)
        """,
    ),
    by_query(
        "document_of_one_thing",
        "Every document belongs to one certificate or one incentive, as its kind says.",
        """
        SELECT * FROM (SELECT d.id AS document, d.kind,
            (SELECT count(*) FROM certificates c WHERE c.document_id = d.id) AS certificates,
            (SELECT count(*) FROM incentives i WHERE i.document_id = d.id) AS incentives
            FROM documents d) counted
        WHERE certificates <> CASE kind WHEN 'certificate' THEN 1 ELSE 0 END
            OR incentives <> CASE kind WHEN 'notice' THEN 1 ELSE 0 END
        """,
    ),
    by_query(
        "incentive_whole",
        "A granted incentive has its number, its amount and its notice, an unfunded one has none.",
        """
        SELECT i.id AS incentive, i.state, i.number, i.amount_yen, i.document_id AS document
        FROM incentives i JOIN programmes p ON p.id = i.programme_id
        WHERE (i.state = 'granted' AND (i.number IS NULL OR i.document_id IS NULL
                OR (i.amount_yen > 0) <> (p.kind = 'money')))
            OR (i.state = 'unfunded' AND (i.number IS NOT NULL OR i.document_id IS NOT NULL
                OR i.amount_yen <> 0))
        """,
    ),
    by_query(
        "budget_committed",
        "What a programme has committed is the sum of its incentives and within its budget.",
        """
        SELECT p.id AS programme, p.committed_yen, coalesce(sum(i.amount_yen), 0) AS granted_yen,
            p.budget_yen
        FROM programmes p LEFT JOIN incentives i ON i.programme_id = p.id AND i.state = 'granted'
        GROUP BY p.id, p.committed_yen, p.budget_yen
        HAVING p.committed_yen <> coalesce(sum(i.amount_yen), 0)
            OR p.committed_yen > p.budget_yen OR p.committed_yen < 0
        """,
    ),
)
