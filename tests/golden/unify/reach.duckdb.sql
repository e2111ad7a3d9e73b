SELECT
  COALESCE("t14"."customer_id", "t12"."customer_id") AS "customer_id",
  COALESCE("t14"."channel", "t12"."channel") AS "channel",
  COALESCE("t14"."keys", 0) AS "keys",
  COALESCE("t12"."code", '') AS "code",
  "t12"."since_on"
FROM (
  SELECT
    "t10"."customer_id",
    "t10"."channel",
    COUNT(DISTINCT "t10"."digest") AS "keys"
  FROM (
    SELECT
      "t8"."customer_id",
      "t8"."kind",
      "t8"."digest",
      CASE "t8"."kind"
        WHEN 'phone'
        THEN 'phone'
        WHEN 'email'
        THEN 'email'
        WHEN 'openid'
        THEN 'wechat'
        ELSE ''
      END AS "channel"
    FROM (
      SELECT
        COALESCE("t3"."customer_id", "t6"."record_id") AS "customer_id",
        "t6"."kind",
        "t6"."digest"
      FROM (
        SELECT
          "t0"."record_id",
          "t0"."kind",
          "t0"."digest"
        FROM "link_key" AS "t0"
      ) AS "t6"
      LEFT OUTER JOIN "identity" AS "t3"
        ON "t6"."record_id" = "t3"."record_id"
    ) AS "t8"
    WHERE
      "t8"."kind" IN ('phone', 'email', 'openid')
  ) AS "t10"
  GROUP BY
    1,
    2
) AS "t14"
FULL OUTER JOIN (
  SELECT
    "t9"."customer_id",
    "t9"."channel",
    MIN("t9"."code") AS "code",
    MIN("t9"."since_on") AS "since_on"
  FROM (
    SELECT
      COALESCE("t3"."customer_id", "t7"."record_id") AS "customer_id",
      "t7"."channel",
      "t7"."code",
      "t7"."since_on"
    FROM (
      SELECT
        "t2"."record_id",
        "t2"."channel",
        "t2"."code",
        "t2"."since_on"
      FROM "bad_contact" AS "t2"
    ) AS "t7"
    LEFT OUTER JOIN "identity" AS "t3"
      ON "t7"."record_id" = "t3"."record_id"
  ) AS "t9"
  GROUP BY
    1,
    2
) AS "t12"
  ON "t14"."customer_id" = "t12"."customer_id" AND "t14"."channel" = "t12"."channel"
