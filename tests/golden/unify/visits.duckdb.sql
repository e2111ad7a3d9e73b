SELECT
  "t4"."customer_id",
  "t4"."happened_on" AS "on",
  COALESCE(
    SUM(
      CAST(LOWER("t4"."name") IN (
        'signed in',
        'application opened',
        '$appstart',
        '$mplaunch',
        'login',
        'log in',
        'sign_in',
        '登录',
        '用户登录'
      ) AS DOUBLE)
    ),
    0.0
  ) AS "logins",
  COALESCE(
    SUM(
      CAST(LOWER("t4"."name") IN (
        'subscription started',
        'subscription renewed',
        'subscription_renewed',
        'renewal',
        'renew',
        '续费',
        '续订',
        '开通会员'
      ) AS DOUBLE)
    ),
    0.0
  ) AS "renewals"
FROM (
  SELECT
    COALESCE("t3"."customer_id", "t2"."record_id") AS "customer_id",
    "t2"."source",
    "t2"."event_id",
    "t2"."name",
    "t2"."product_id",
    "t2"."page",
    "t2"."query",
    "t2"."seconds",
    "t2"."utm_source",
    "t2"."utm_medium",
    "t2"."utm_campaign",
    "t2"."request_id",
    "t2"."happened_at",
    "t2"."happened_on",
    "t2"."batch_id",
    "t2"."source_row"
  FROM "event" AS "t2"
  LEFT OUTER JOIN "identity" AS "t3"
    ON "t2"."record_id" = "t3"."record_id"
) AS "t4"
GROUP BY
  1,
  2
