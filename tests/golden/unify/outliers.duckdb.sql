WITH "t8" AS (
  SELECT
    "t5"."source",
    "t5"."line_id",
    "t5"."record_id",
    "t5"."product_id",
    "t5"."currency",
    "t5"."quantity",
    "t5"."amount",
    "t5"."ordered_on",
    "t5"."batch_id",
    "t5"."source_row",
    NOT (
      COALESCE("t7"."charge", FALSE)
    ) AND (
      "t5"."product_id" IS NOT NULL
    ) AS "goods",
    NOT (
      COALESCE("t7"."charge", FALSE)
    )
    AND (
      "t5"."product_id" IS NOT NULL
    )
    AND (
      COALESCE("t5"."quantity", 1.0) > 0
    )
    AND (
      "t5"."amount" > 0
    ) AS "sold",
    LN(
      CASE
        WHEN NOT (
          COALESCE("t7"."charge", FALSE)
        )
        AND (
          "t5"."product_id" IS NOT NULL
        )
        AND (
          COALESCE("t5"."quantity", 1.0) > 0
        )
        AND (
          "t5"."amount" > 0
        )
        THEN COALESCE("t5"."quantity", 1.0)
        ELSE 1.0
      END
    ) AS "log_quantity",
    LN(
      CASE
        WHEN NOT (
          COALESCE("t7"."charge", FALSE)
        )
        AND (
          "t5"."product_id" IS NOT NULL
        )
        AND (
          COALESCE("t5"."quantity", 1.0) > 0
        )
        AND (
          "t5"."amount" > 0
        )
        THEN "t5"."amount"
        ELSE 1
      END / CASE
        WHEN NOT (
          COALESCE("t7"."charge", FALSE)
        )
        AND (
          "t5"."product_id" IS NOT NULL
        )
        AND (
          COALESCE("t5"."quantity", 1.0) > 0
        )
        AND (
          "t5"."amount" > 0
        )
        THEN COALESCE("t5"."quantity", 1.0)
        ELSE 1.0
      END
    ) AS "log_price"
  FROM "order_line" AS "t5"
  LEFT OUTER JOIN (
    SELECT
      "t2"."product_id",
      TRUE AS "charge"
    FROM "product" AS "t2"
    WHERE
      COALESCE("t2"."hidden", FALSE)
  ) AS "t7"
    ON "t5"."product_id" = "t7"."product_id"
), "t9" AS (
  SELECT
    "t5"."source",
    "t5"."line_id",
    "t5"."record_id",
    "t5"."product_id",
    "t5"."currency",
    "t5"."quantity",
    "t5"."amount",
    "t5"."ordered_on",
    "t5"."batch_id",
    "t5"."source_row",
    NOT (
      COALESCE("t7"."charge", FALSE)
    ) AND (
      "t5"."product_id" IS NOT NULL
    ) AS "goods",
    NOT (
      COALESCE("t7"."charge", FALSE)
    )
    AND (
      "t5"."product_id" IS NOT NULL
    )
    AND (
      COALESCE("t5"."quantity", 1.0) > 0
    )
    AND (
      "t5"."amount" > 0
    ) AS "sold",
    LN(
      CASE
        WHEN NOT (
          COALESCE("t7"."charge", FALSE)
        )
        AND (
          "t5"."product_id" IS NOT NULL
        )
        AND (
          COALESCE("t5"."quantity", 1.0) > 0
        )
        AND (
          "t5"."amount" > 0
        )
        THEN COALESCE("t5"."quantity", 1.0)
        ELSE 1.0
      END
    ) AS "log_quantity",
    LN(
      CASE
        WHEN NOT (
          COALESCE("t7"."charge", FALSE)
        )
        AND (
          "t5"."product_id" IS NOT NULL
        )
        AND (
          COALESCE("t5"."quantity", 1.0) > 0
        )
        AND (
          "t5"."amount" > 0
        )
        THEN "t5"."amount"
        ELSE 1
      END / CASE
        WHEN NOT (
          COALESCE("t7"."charge", FALSE)
        )
        AND (
          "t5"."product_id" IS NOT NULL
        )
        AND (
          COALESCE("t5"."quantity", 1.0) > 0
        )
        AND (
          "t5"."amount" > 0
        )
        THEN COALESCE("t5"."quantity", 1.0)
        ELSE 1.0
      END
    ) AS "log_price"
  FROM "order_line" AS "t5"
  LEFT OUTER JOIN (
    SELECT
      "t2"."product_id",
      TRUE AS "charge"
    FROM "product" AS "t2"
    WHERE
      COALESCE("t2"."hidden", FALSE)
  ) AS "t7"
    ON "t5"."product_id" = "t7"."product_id"
  SEMI JOIN "suspects" AS "t4"
    ON "t5"."record_id" = "t4"."record_id"
)
SELECT
  "t24"."source",
  "t24"."line_id",
  "t24"."batch_id",
  "t24"."source_row",
  "t24"."code",
  "t24"."value",
  "t24"."usual",
  "t24"."ordered_on",
  "t24"."currency"
FROM (
  SELECT
    "t23"."source",
    "t23"."line_id",
    "t23"."record_id",
    "t23"."product_id",
    "t23"."currency",
    "t23"."quantity",
    "t23"."amount",
    "t23"."ordered_on",
    "t23"."batch_id",
    "t23"."source_row",
    "t23"."goods",
    "t23"."sold",
    "t23"."log_quantity",
    "t23"."log_price",
    "t23"."product_id_known",
    "t23"."currency_known",
    "t23"."lines",
    "t23"."mid_quantity",
    "t23"."mid_price",
    "t23"."high_quantity",
    "t23"."high_price",
    "t23"."mad_quantity",
    "t23"."mad_price",
    "t23"."record_id_own",
    "t23"."own_lines",
    "t23"."own_quantity",
    "t23"."record_id_returned",
    "t23"."product_id_returned",
    "t23"."pieces_back",
    "t23"."most_paid",
    "t23"."shop_quantity",
    "t23"."source_returning",
    "t23"."writes_returns",
    CASE
      WHEN COALESCE("t23"."ordered_on" > MAKE_DATE(2026, 11, 22), FALSE)
      THEN 'outlier_future'
      WHEN COALESCE("t23"."ordered_on" < MAKE_DATE(2023, 1, 1), FALSE)
      THEN 'outlier_early'
      WHEN COALESCE(
        COALESCE("t23"."goods" AND (
          "t23"."quantity" > 0
        ), FALSE)
        AND (
          "t23"."amount" < 0
        )
        AND COALESCE("t23"."writes_returns", FALSE)
        AND (
          COALESCE("t23"."most_paid", 0) < -(
            "t23"."amount"
          )
        ),
        FALSE
      )
      THEN 'outlier_sign'
      WHEN COALESCE(
        "t23"."sold"
        AND (
          "t23"."lines" >= 20
        )
        AND (
          (
            (
              "t23"."log_price" - "t23"."mid_price"
            ) > 3.4011973816621555
          )
          AND (
            (
              "t23"."log_price" - "t23"."mid_price"
            ) > (
              "t23"."mad_price" * 11.8608
            )
          )
        )
        AND (
          "t23"."log_price" > (
            "t23"."high_price" + 2.302585092994046
          )
        ),
        FALSE
      )
      THEN 'outlier_price'
      WHEN COALESCE(
        "t23"."sold"
        AND (
          "t23"."lines" >= 20
        )
        AND (
          (
            (
              "t23"."log_quantity" - "t23"."mid_quantity"
            ) > 4.605170185988092
          )
          AND (
            (
              "t23"."log_quantity" - "t23"."mid_quantity"
            ) > (
              "t23"."mad_quantity" * 11.8608
            )
          )
        )
        AND (
          "t23"."log_quantity" > (
            "t23"."high_quantity" + 2.302585092994046
          )
        ),
        FALSE
      )
      AND COALESCE(
        CASE
          WHEN COALESCE("t23"."own_lines", 0) >= 5
          THEN "t23"."log_quantity" > (
            "t23"."own_quantity" + 3.912023005428146
          )
          ELSE "t23"."log_quantity" > (
            "t23"."shop_quantity" + 5.703782474656201
          )
        END
        AND (
          COALESCE("t23"."pieces_back", 0.0) < "t23"."quantity"
        ),
        FALSE
      )
      THEN 'outlier_quantity'
      ELSE ''
    END AS "code",
    CASE
      WHEN CASE
        WHEN COALESCE("t23"."ordered_on" > MAKE_DATE(2026, 11, 22), FALSE)
        THEN 'outlier_future'
        WHEN COALESCE("t23"."ordered_on" < MAKE_DATE(2023, 1, 1), FALSE)
        THEN 'outlier_early'
        WHEN COALESCE(
          COALESCE("t23"."goods" AND (
            "t23"."quantity" > 0
          ), FALSE)
          AND (
            "t23"."amount" < 0
          )
          AND COALESCE("t23"."writes_returns", FALSE)
          AND (
            COALESCE("t23"."most_paid", 0) < -(
              "t23"."amount"
            )
          ),
          FALSE
        )
        THEN 'outlier_sign'
        WHEN COALESCE(
          "t23"."sold"
          AND (
            "t23"."lines" >= 20
          )
          AND (
            (
              (
                "t23"."log_price" - "t23"."mid_price"
              ) > 3.4011973816621555
            )
            AND (
              (
                "t23"."log_price" - "t23"."mid_price"
              ) > (
                "t23"."mad_price" * 11.8608
              )
            )
          )
          AND (
            "t23"."log_price" > (
              "t23"."high_price" + 2.302585092994046
            )
          ),
          FALSE
        )
        THEN 'outlier_price'
        WHEN COALESCE(
          "t23"."sold"
          AND (
            "t23"."lines" >= 20
          )
          AND (
            (
              (
                "t23"."log_quantity" - "t23"."mid_quantity"
              ) > 4.605170185988092
            )
            AND (
              (
                "t23"."log_quantity" - "t23"."mid_quantity"
              ) > (
                "t23"."mad_quantity" * 11.8608
              )
            )
          )
          AND (
            "t23"."log_quantity" > (
              "t23"."high_quantity" + 2.302585092994046
            )
          ),
          FALSE
        )
        AND COALESCE(
          CASE
            WHEN COALESCE("t23"."own_lines", 0) >= 5
            THEN "t23"."log_quantity" > (
              "t23"."own_quantity" + 3.912023005428146
            )
            ELSE "t23"."log_quantity" > (
              "t23"."shop_quantity" + 5.703782474656201
            )
          END
          AND (
            COALESCE("t23"."pieces_back", 0.0) < "t23"."quantity"
          ),
          FALSE
        )
        THEN 'outlier_quantity'
        ELSE ''
      END = 'outlier_price'
      THEN CAST(ROUND(EXP("t23"."log_price"), 2) AS DOUBLE)
      WHEN CASE
        WHEN COALESCE("t23"."ordered_on" > MAKE_DATE(2026, 11, 22), FALSE)
        THEN 'outlier_future'
        WHEN COALESCE("t23"."ordered_on" < MAKE_DATE(2023, 1, 1), FALSE)
        THEN 'outlier_early'
        WHEN COALESCE(
          COALESCE("t23"."goods" AND (
            "t23"."quantity" > 0
          ), FALSE)
          AND (
            "t23"."amount" < 0
          )
          AND COALESCE("t23"."writes_returns", FALSE)
          AND (
            COALESCE("t23"."most_paid", 0) < -(
              "t23"."amount"
            )
          ),
          FALSE
        )
        THEN 'outlier_sign'
        WHEN COALESCE(
          "t23"."sold"
          AND (
            "t23"."lines" >= 20
          )
          AND (
            (
              (
                "t23"."log_price" - "t23"."mid_price"
              ) > 3.4011973816621555
            )
            AND (
              (
                "t23"."log_price" - "t23"."mid_price"
              ) > (
                "t23"."mad_price" * 11.8608
              )
            )
          )
          AND (
            "t23"."log_price" > (
              "t23"."high_price" + 2.302585092994046
            )
          ),
          FALSE
        )
        THEN 'outlier_price'
        WHEN COALESCE(
          "t23"."sold"
          AND (
            "t23"."lines" >= 20
          )
          AND (
            (
              (
                "t23"."log_quantity" - "t23"."mid_quantity"
              ) > 4.605170185988092
            )
            AND (
              (
                "t23"."log_quantity" - "t23"."mid_quantity"
              ) > (
                "t23"."mad_quantity" * 11.8608
              )
            )
          )
          AND (
            "t23"."log_quantity" > (
              "t23"."high_quantity" + 2.302585092994046
            )
          ),
          FALSE
        )
        AND COALESCE(
          CASE
            WHEN COALESCE("t23"."own_lines", 0) >= 5
            THEN "t23"."log_quantity" > (
              "t23"."own_quantity" + 3.912023005428146
            )
            ELSE "t23"."log_quantity" > (
              "t23"."shop_quantity" + 5.703782474656201
            )
          END
          AND (
            COALESCE("t23"."pieces_back", 0.0) < "t23"."quantity"
          ),
          FALSE
        )
        THEN 'outlier_quantity'
        ELSE ''
      END = 'outlier_sign'
      THEN CAST("t23"."amount" AS DOUBLE)
      ELSE "t23"."quantity"
    END AS "value",
    CAST(ROUND(
      CASE
        WHEN CASE
          WHEN COALESCE("t23"."ordered_on" > MAKE_DATE(2026, 11, 22), FALSE)
          THEN 'outlier_future'
          WHEN COALESCE("t23"."ordered_on" < MAKE_DATE(2023, 1, 1), FALSE)
          THEN 'outlier_early'
          WHEN COALESCE(
            COALESCE("t23"."goods" AND (
              "t23"."quantity" > 0
            ), FALSE)
            AND (
              "t23"."amount" < 0
            )
            AND COALESCE("t23"."writes_returns", FALSE)
            AND (
              COALESCE("t23"."most_paid", 0) < -(
                "t23"."amount"
              )
            ),
            FALSE
          )
          THEN 'outlier_sign'
          WHEN COALESCE(
            "t23"."sold"
            AND (
              "t23"."lines" >= 20
            )
            AND (
              (
                (
                  "t23"."log_price" - "t23"."mid_price"
                ) > 3.4011973816621555
              )
              AND (
                (
                  "t23"."log_price" - "t23"."mid_price"
                ) > (
                  "t23"."mad_price" * 11.8608
                )
              )
            )
            AND (
              "t23"."log_price" > (
                "t23"."high_price" + 2.302585092994046
              )
            ),
            FALSE
          )
          THEN 'outlier_price'
          WHEN COALESCE(
            "t23"."sold"
            AND (
              "t23"."lines" >= 20
            )
            AND (
              (
                (
                  "t23"."log_quantity" - "t23"."mid_quantity"
                ) > 4.605170185988092
              )
              AND (
                (
                  "t23"."log_quantity" - "t23"."mid_quantity"
                ) > (
                  "t23"."mad_quantity" * 11.8608
                )
              )
            )
            AND (
              "t23"."log_quantity" > (
                "t23"."high_quantity" + 2.302585092994046
              )
            ),
            FALSE
          )
          AND COALESCE(
            CASE
              WHEN COALESCE("t23"."own_lines", 0) >= 5
              THEN "t23"."log_quantity" > (
                "t23"."own_quantity" + 3.912023005428146
              )
              ELSE "t23"."log_quantity" > (
                "t23"."shop_quantity" + 5.703782474656201
              )
            END
            AND (
              COALESCE("t23"."pieces_back", 0.0) < "t23"."quantity"
            ),
            FALSE
          )
          THEN 'outlier_quantity'
          ELSE ''
        END = 'outlier_price'
        THEN EXP("t23"."mid_price")
        ELSE EXP("t23"."mid_quantity")
      END,
      2
    ) AS DOUBLE) AS "usual"
  FROM (
    SELECT
      "t3"."source",
      "t3"."line_id",
      "t3"."record_id",
      "t3"."product_id",
      "t3"."currency",
      "t3"."quantity",
      "t3"."amount",
      "t3"."ordered_on",
      "t3"."batch_id",
      "t3"."source_row",
      "t3"."goods",
      "t3"."sold",
      "t3"."log_quantity",
      "t3"."log_price",
      "t3"."product_id_known",
      "t3"."currency_known",
      "t3"."lines",
      "t3"."mid_quantity",
      "t3"."mid_price",
      "t3"."high_quantity",
      "t3"."high_price",
      "t3"."mad_quantity",
      "t3"."mad_price",
      "t20"."record_id" AS "record_id_own",
      "t20"."own_lines",
      "t20"."own_quantity",
      "t22"."record_id" AS "record_id_returned",
      "t22"."product_id" AS "product_id_returned",
      "t22"."pieces_back",
      "t22"."most_paid",
      "t16"."shop_quantity",
      "t19"."source" AS "source_returning",
      "t19"."writes_returns"
    FROM "suspects" AS "t3"
    LEFT OUTER JOIN (
      SELECT
        "t12"."record_id",
        COUNT(*) AS "own_lines",
        QUANTILE_CONT("t12"."log_quantity", 0.5) AS "own_quantity"
      FROM (
        SELECT
          *
        FROM "t9" AS "t11"
        WHERE
          "t11"."sold"
      ) AS "t12"
      GROUP BY
        1
    ) AS "t20"
      ON "t3"."record_id" = "t20"."record_id"
    LEFT OUTER JOIN (
      SELECT
        "t13"."record_id",
        "t13"."product_id",
        MAX(-(
          "t13"."quantity"
        )) FILTER(WHERE
          "t13"."quantity" < 0) AS "pieces_back",
        MAX("t13"."amount") FILTER(WHERE
          "t13"."sold") AS "most_paid"
      FROM (
        SELECT
          *
        FROM "t9" AS "t11"
        WHERE
          "t11"."goods"
      ) AS "t13"
      GROUP BY
        1,
        2
    ) AS "t22"
      ON "t3"."record_id" = "t22"."record_id" AND "t3"."product_id" = "t22"."product_id"
    CROSS JOIN (
      SELECT
        QUANTILE_CONT("t10"."log_quantity", 0.95) FILTER(WHERE
          "t10"."sold") AS "shop_quantity"
      FROM "t8" AS "t10"
    ) AS "t16"
    LEFT OUTER JOIN (
      SELECT
        "t15"."source",
        TRUE AS "writes_returns"
      FROM (
        SELECT DISTINCT
          "t10"."source"
        FROM "t8" AS "t10"
        WHERE
          "t10"."quantity" < 0
      ) AS "t15"
    ) AS "t19"
      ON "t3"."source" = "t19"."source"
  ) AS "t23"
) AS "t24"
WHERE
  "t24"."code" <> ''
