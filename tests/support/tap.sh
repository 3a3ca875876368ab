# Sourced by scripts that speak TAP: $n counts, `result` says; what stands in $log explains a failure.
#   log=FILE; . tests/support/tap.sh
# The script ends with: echo "1..$n"
n=0

# result STATUS SENTENCE
result() {
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $n - $2"
    else
        echo "not ok $n - $2"
        head -n 30 "$log" 2> /dev/null | cut -c 1-300 | sed 's/^/# /'
    fi
}
