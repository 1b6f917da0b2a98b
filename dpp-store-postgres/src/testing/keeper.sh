# Keeps one throwaway PostgreSQL server for the process at the other end of its input.
#
#   sh keeper.sh DIRECTORY INITDB POSTGRES [ARGUMENT OF POSTGRES]...
#
# Each line of input is an order, each line of output the answer to one. When the input ends, and
# it ends however that process does, the server is stopped and the directory removed.

# An answer that nobody reads any more must not end this script before it has cleaned up.
trap '' HUP INT PIPE TERM
umask 077
dir=$1 initdb=$2
shift 2
mkdir "$dir" && cd "$dir" || exit 1
exec 2>>log
server=

gone() { [ -z "$server" ] || ! kill -0 "$server" 2>/dev/null; }
is_ready() { [ "$(sed -n '1p;8s/ *$//p' data/postmaster.pid 2>/dev/null)" = "$server
ready" ]; }
gone_or_ready() { gone || is_ready; }

# Waits until a condition holds, at most for some seconds: await SECONDS CONDITION.
await() {
  left=$(($1 * 20))
  until "$2"; do
    [ "$left" -gt 0 ] || return 1
    left=$((left - 1))
    sleep 0.05
  done
}

init() {
  echo "$1" > password
  "$initdb" -D data -U dpp -E UTF8 --locale=C --no-sync \
    --auth-local=trust --auth-host=scram-sha-256 --pwfile=password </dev/null >>log 2>&1
}

# Starts the server as a child of this shell, so that its process id is nobody else's until it
# was waited for.
launch() {
  (cd data && exec "$@") </dev/null >>log 2>&1 &
  server=$!
  await 60 gone_or_ready && is_ready && return
  stop QUIT
  return 1
}

# A server that somebody killed leaves a lock, which holds until its last process has noticed.
start() {
  port=$1 attempts=100
  shift
  gone || return 0
  until launch "$@" -D "$dir/data" -k "$dir" -p "$port"; do
    attempts=$((attempts - 1))
    [ -e data/postmaster.pid ] && [ "$attempts" -gt 0 ] || return 1
    sleep 0.1
  done
}

stop() {
  [ -n "$server" ] || return 0
  kill -s "$1" "$server" 2>/dev/null
  await 10 gone || kill -s QUIT "$server"
  wait "$server"
  server=
}

while read -r order value; do
  case $order in
    init) init "$value" && echo ok || echo failed ;;
    start) start "$value" "$@" && echo "$server" || echo failed ;;
    stop) stop QUIT; echo ok ;;
  esac
done

stop INT
cd /
rm -rf "$dir" || { sleep 1; rm -rf "$dir"; }
