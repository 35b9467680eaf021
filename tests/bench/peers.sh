# SPDX-License-Identifier: Apache-2.0
#
# What akgate is measured beside, each on a Unix socket, holding the keys of $stage/keys with values as long as akgate's reply
# ($stage/reply). To be sourced after stage.sh. Each start_… leaves its process in `pid`.

listens() { [ -S "$stage/$1.sock" ]; }

# Answers each line with akgate's own reply, without a look at it.
start_echo() {
  start echo "$bin/akgate_bench_echo" "$stage/echo.sock" "$stage/reply"
  wait_for 10 'the start of the echo server' listens echo
}

start_redis() {
  start redis redis-server --port 0 --unixsocket "$stage/redis.sock" --save '' --appendonly no --io-threads 1 --dir "$stage"
  wait_for 10 'the start of Redis' listens redis
  sed "s/.*/SET & \"$value\"/" "$stage/keys" | redis-cli -s "$stage/redis.sock" >"$stage/redis-filled.log"
}

start_memcached() {
  # Root has to name a user, if only itself.
  start memcached memcached -t 1 -s "$stage/memcached.sock" -U 0 -u "$(id -un)"
  wait_for 10 'the start of memcached' listens memcached
  sed "s/.*/set & 0 0 ${#value}\r\n$value\r/" "$stage/keys" | socat -t 2 - "UNIX:$stage/memcached.sock" >"$stage/memcached-filled.log"
}

# One worker with what is known to make it fast: no log, cached files kept open.
configure_nginx() {
  cat >"$stage/nginx.conf" <<CONF
daemon off;
user $(id -un);
worker_processes 1;
pid $stage/nginx.pid;
error_log $stage/nginx-error.log;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path $stage/nginx-body;
  proxy_temp_path $stage/nginx-proxy;
  fastcgi_temp_path $stage/nginx-fastcgi;
  uwsgi_temp_path $stage/nginx-uwsgi;
  scgi_temp_path $stage/nginx-scgi;
  open_file_cache max=1000;
  keepalive_requests 1000000000;
  proxy_cache_path $stage/nginx-cache keys_zone=answers:1m;
  server {
    listen unix:$stage/nginx.sock;
    location / {
      proxy_pass http://unix:$stage/origin.sock:;
      proxy_cache answers;
      proxy_cache_key \$uri;
      proxy_cache_valid 200 1d;
      add_header X-Cache \$upstream_cache_status;
    }
  }
  server {
    listen unix:$stage/origin.sock;
    location / { return 200 "$value"; }
  }
}
CONF
}

# Its pid is the worker's, which does the work and was started first; a master that is killed takes nobody along.
start_nginx() {
  configure_nginx
  start nginx nginx -e "$stage/nginx-error.log" -c "$stage/nginx.conf"
  wait_for 10 'the start of nginx' listens nginx
  while read -r key; do
    curl -sS --unix-socket "$stage/nginx.sock" "http://bench/$key" -o /dev/null || die 'nginx did not take the keys'
  done <"$stage/keys"
  children=$(cat "/proc/$pid/task/$pid/children")
  started="$started $children"
  pid=${children%% *}
}
