# Every local authority's newest figure of an indicator as a table, and the five that are highest.
#
#   Rscript local_authorities.R [indicator] [address]
#
# Base R, and nothing else. The table comes by a plain link: the whole list, however long.

given <- commandArgs(trailingOnly = TRUE)
indicator <- if (length(given) >= 1) given[1] else "suspension-rate"
address <- if (length(given) >= 2) given[2] else "http://localhost:4000"

query <- "query ($indicator: ID!) {
  localAuthorities {
    nodes {
      code
      name
      region { name }
      indicator(id: $indicator) { latest { value status period { label } } }
    }
  }
}"
variables <- sprintf('{"indicator": "%s"}', indicator)
link <- paste0(
  address, "/graphql.csv?query=", URLencode(query, reserved = TRUE),
  "&variables=", URLencode(variables, reserved = TRUE)
)

# A code is text: 001 is not 1. An empty cell is a figure that is withheld or not there, and not zero.
rows <- read.csv(
  link,
  colClasses = c(code = "character"), na.strings = "", check.names = FALSE, encoding = "UTF-8"
)
known <- rows[!is.na(rows$indicator.latest.value), ]
known <- known[order(-known$indicator.latest.value), ]

cat(sprintf("%s: %d of %d local authorities have a value\n", indicator, nrow(known), nrow(rows)))
for (i in seq_len(min(5, nrow(known)))) {
  row <- known[i, ]
  cat(sprintf(
    "%s (%s): %s in %s\n",
    row$name, row$region.name, format(row$indicator.latest.value), row$indicator.latest.period.label
  ))
}
