SELECT
  "t5"."customer_id",
  MAX("t5"."kind") FILTER(WHERE
    "t5"."oldest" = 0) AS "kind",
  COALESCE(MAX("t5"."owner_id") FILTER(WHERE
    "t5"."owning" = 0), '') AS "owner_id",
  COALESCE(MAX("t5"."team_id") FILTER(WHERE
    "t5"."owning" = 0), '') AS "team_id",
  MIN("t5"."since_on") AS "since_on",
  COUNT(*) AS "records"
FROM (
  SELECT
    "t4"."record_id",
    "t4"."kind",
    "t4"."owner_id",
    "t4"."team_id",
    "t4"."since_on",
    "t4"."customer_id",
    ROW_NUMBER() OVER (
      PARTITION BY "t4"."customer_id"
      ORDER BY "t4"."since_on" IS NULL ASC, "t4"."since_on" ASC, "t4"."record_id" ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) - 1 AS "oldest",
    ROW_NUMBER() OVER (
      PARTITION BY "t4"."customer_id"
      ORDER BY COALESCE("t4"."owner_id", '') = '' ASC, "t4"."since_on" IS NULL ASC, "t4"."since_on" ASC, "t4"."record_id" ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) - 1 AS "owning"
  FROM (
    SELECT
      "t2"."record_id",
      "t2"."kind",
      "t2"."owner_id",
      "t2"."team_id",
      "t2"."since_on",
      COALESCE("t3"."customer_id", "t2"."record_id") AS "customer_id"
    FROM "record" AS "t2"
    LEFT OUTER JOIN "identity" AS "t3"
      ON "t2"."record_id" = "t3"."record_id"
  ) AS "t4"
) AS "t5"
GROUP BY
  1
