#!/bin/bash
# `prices import` as it is run: into a copy of the bundled price book, in a folder of its own.
set -u
cd "$(dirname "$0")/.." || exit 3
breakeven=${BREAKEVEN:-$PWD/build/breakeven}
feeds=$PWD/tests/feeds
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
cp -r pricing "$work/before" && mkdir "$work/project" && cd "$work/project" || exit 3
n=0

report() { # STATUS NAME
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else
        echo "not ok $n - $2"
        sed 's/^/# /' "$work/out" "$work/err" | cut -c1-300
    fi
}
run() { "$breakeven" "$@" > "$work/out" 2> "$work/err"; }
same() { diff -r "$work/before" pricing > "$work/err"; }

run prices import aws "$feeds/aws-T01-tiers/in.json"
[ $? -eq 1 ] && grep -q 'no price book of its own' "$work/err"
report $? "a project without a price book of its own is not given one"

cp -r "$work/before" pricing
for feed in aws azure gcp skypilot; do
    echo '{ "products": {}, "Items": [], "skus": [] }' > empty.json
    run prices import $feed empty.json
    [ $? -eq 1 ] && ! grep -q 'feeds/.*\.json:' "$work/err"
    report $? "the bundled rules of $feed fit the bundled book"
done

run prices import aws "$feeds/aws-T01-tiers/in.json" --dry-run
grep -q '^aws-lambda-gb-second us-east-1: 0.0000166667 -> 0.00001 USD' "$work/out" &&
    grep -q '^1 price would change' "$work/out" && same
report $? "a dry run says what would change and changes nothing"

run prices import aws "$feeds/aws-T01-tiers/in.json"
[ $? -eq 0 ] && grep -q '^1 price changed' "$work/out" &&
    [ "$(diff -r "$work/before" pricing | grep -c '^>')" -le 4 ] &&
    [ "$(diff -rq "$work/before" pricing | wc -l)" -le 2 ]
report $? "an import changes the row's file and the edition alone"

cp -r pricing once
run prices import aws "$feeds/aws-T01-tiers/in.json"
[ $? -eq 0 ] && grep -q '^0 prices changed, 1 unchanged' "$work/out" && diff -r once pricing > "$work/err"
report $? "the same file twice changes nothing"

run prices check --today 2026-11-22
! grep -q 'error' "$work/err"
report $? "the imported book passes its own check"

rm -rf pricing && cp -r "$work/before" pricing
run prices import azure "$feeds"/azure-T16-repeats/in-1.json "$feeds"/azure-T16-repeats/in-2.json --seen 2026-11-20
cp -r pricing forwards && rm -rf pricing && cp -r "$work/before" pricing
run prices import azure "$feeds"/azure-T16-repeats/in-2.json "$feeds"/azure-T16-repeats/in-1.json --as-of 2026-11-20
diff -r forwards pricing > "$work/err" && ! same
report $? "the order of the pages does not matter"

rm -rf pricing && cp -r "$work/before" pricing
run prices import aws "$feeds/aws-T01-tiers/in.json" "$feeds/aws-zero/in.json"
[ $? -eq 1 ] && [ ! -s "$work/out" ] && same
report $? "an error in one file leaves everything as it was"

# A price that moves a hundredfold: 0.085 -> 0.00085.
rm -rf pricing && cp -r "$work/before" pricing
printf 'InstanceType,Region,Price\nc6i.large,us-east-1,0.00085\n' > jump.csv
run prices import skypilot jump.csv --seen 2026-11-20
[ $? -eq 1 ] && grep -q 'too far to be believed' "$work/err" && same
report $? "a price that moves a hundredfold is refused"
run prices import skypilot jump.csv --seen 2026-11-20 --accept-jumps
[ $? -eq 0 ] && grep -q '^1 price changed' "$work/out" && grep -q 'warning: a price moves far' "$work/err"
report $? "--accept-jumps takes it, with a warning"

# An older list after a newer one fills in the past, and the newer one still changes nothing.
list() { # DAY USD: the price list of that day
    sed "s/20261115000000/${1//-/}000000/; s/2026-11-15T/$1T/; s/2026-11-01T/$1T/; s/0.0970000000/$2/" \
        "$feeds/aws-T08-no-spot/in.json"
}
rm -rf pricing && cp -r "$work/before" pricing
list 2026-11-15 0.0980000000 > newer.json
list 2026-11-10 0.0970000000 > older.json
run prices import aws newer.json && run prices import aws older.json &&
    grep -q '^aws-ec2-m5.large us-east-1: .* -> 0.097 USD .*, from 2026-11-10, effective$' "$work/out" &&
    run prices import aws newer.json && grep -q '^0 prices changed, 1 unchanged' "$work/out" &&
    [ "$(grep -c '"from": "2026-11-1[05]", "basis": "effective", "usd": "0.09[78]"' pricing/prices/aws-ec2.json)" -eq 2 ]
report $? "an older list fills in the past"
rm -rf pricing && cp -r "$work/before" pricing
run prices import aws newer.json older.json
cp -r pricing one && rm -rf pricing && cp -r "$work/before" pricing
run prices import aws older.json newer.json
diff -r one pricing > "$work/err" && ! same
report $? "the order of the lists does not matter"
rm -rf pricing && cp -r "$work/before" pricing

printf 'InstanceType,Region,Price\nc6i.large,us-east-1,0.0871\n' > vms.csv
SOURCE_DATE_EPOCH=1796083200 run prices import skypilot vms.csv # 2026-12-01
grep -q '^aws-ec2-c6i.large us-east-1: .* -> 0.0871 USD .*, from 2026-12-01, seen$' "$work/out"
report $? "a file without a day is seen today"

run prices import aws && false || grep -q 'names no file' "$work/err"
report $? "files are asked for"
run prices import oracle x.json && false || grep -q "unknown feed 'oracle'" "$work/err"
report $? "an unknown feed is named"
run prices import aws nowhere.json
[ $? -eq 1 ] && grep -q 'nowhere.json: error: cannot open: no such file' "$work/err"
report $? "an absent file is named"

# A price list of a hundred thousand products, most of them decoys, in little memory.
awk 'BEGIN {
    n = 100000
    print "{ \"offerCode\": \"AmazonEC2\", \"version\": \"20261115000000\", \"publicationDate\": \"2026-11-15T00:00:00Z\", \"products\": {"
    for (i = 0; i < n; i++)
        printf "\"S%d\": { \"sku\": \"S%d\", \"productFamily\": \"Compute Instance\", \"attributes\": { \"servicecode\": \"AmazonEC2\", \"locationType\": \"AWS Region\", \"regionCode\": \"us-east-1\", \"instanceType\": \"%s\", \"operatingSystem\": \"Linux\", \"tenancy\": \"Shared\", \"preInstalledSw\": \"NA\", \"licenseModel\": \"No License required\", \"capacitystatus\": \"%s\" } }%s\n", i, i, i % 7 ? "x9.large" : "c6i.large", i ? "AllocatedCapacityReservation" : "Used", i < n - 1 ? "," : ""
    print "}, \"terms\": { \"OnDemand\": {"
    for (i = 0; i < n; i++)
        printf "\"S%d\": { \"S%d.J\": { \"effectiveDate\": \"2026-11-01T00:00:00Z\", \"priceDimensions\": { \"S%d.J.R\": { \"unit\": \"Hrs\", \"beginRange\": \"0\", \"endRange\": \"Inf\", \"pricePerUnit\": { \"USD\": \"0.0860000000\" } } }, \"termAttributes\": {} } }%s\n", i, i, i, i < n - 1 ? "," : ""
    print "} } }"
}' > large.json
limit=$((64 * 1024))
case ${FLAVOUR:-release} in asan | fuzz) limit=unlimited ;; esac # the sanitizers reserve terabytes
(ulimit -v $limit && run prices import aws large.json) && grep -q 'c6i.large us-east-1: .* -> 0.086 ' "$work/out"
report $? "a large price list is read in less than 64 MiB"
echo "1..$n"
