#!/bin/sh
# Six commands that show what Crosswalk does. Exit code 3 is a refusal, which is an answer.
set -eu
cd "$(dirname "$0")/.."

notice() {
    printf '\n\n=== %s\n' "$1"
    shift
    printf '    %s\n' "$@"
    printf '\n'
}

run() {
    printf '$ crosswalk %s\n\n' "$*"
    crosswalk "$@" || test $? -eq 3
}

notice "1. What does the file say?" \
    "Notice: the total, the masses of three gases, and what the file says is not there;" \
    "then which choices are stated, which its regime fixes, and which are open."
run inspect examples/polyethylene.json

notice "2. What would a conversion do?" \
    "Notice: each operation with the class it reaches, and what it needs to reach it."
run plan GBT:24067-2024 PACT:3.0

notice "3. Convert it: GB/T 24067-2024 to PACT 3.0" \
    "Notice: the value is exact, because every gas was disclosed. PROVISIONAL names the" \
    "statements about the standards that are not firmly known."
run convert examples/polyethylene.json --to PACT:3.0

notice "4. The same product, with nothing but a total" \
    "Notice: no answer is given; it says what is not bounded, why, and what to ask for."
run convert examples/polyethylene-total-only.json --to PACT:3.0

notice "5. The total again, with assumptions you choose to make" \
    "Notice: what is guaranteed has not changed. What follows from the assumptions stands" \
    "apart, with every assumption and how it is known."
run convert examples/polyethylene-total-only.json --to PACT:3.0 --assume fossil-polymer

notice "6. Claims of recognition" \
    "Notice: a statement that two methods are consistent carries a claim on the method, and no" \
    "value; one choice (who bears waste that is burnt) decides TfS into Catena-X; the file of a" \
    "footprint proves its number; goods outside a scheme, a row that names no standard, and one" \
    "that cannot be read each say so. The clause stands with every rule."
run check examples/claims.csv --as-of 2026-06-30
