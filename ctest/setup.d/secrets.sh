# shellcheck shell=bash
# Passwords, keys and tokens of the reference stack, in compose/secrets (never committed). What exists
# is kept; tokens are made anew when less than a day is left or their key has changed. Nothing secret
# is ever an argument of a command: other accounts can read those.

SECRETS=$ROOT/compose/secrets
readonly TEAMS="marketing sales support engineering finance"

# Writes stdin to a file that appears whole or not at all.
#   put_secret FILE MODE
put_secret() {
  local partial
  partial=$(mktemp "$1.XXXXXX")
  cat >"$partial"
  chmod "$2" "$partial"
  mv "$partial" "$1"
}

# make_password NAME MODE: 256 random bits.
make_password() {
  if [[ ! -s $SECRETS/redis-$1 ]]; then
    openssl rand -hex 32 | put_secret "$SECRETS/redis-$1" "$2"
    say "made compose/secrets/redis-$1"
  fi
}

password_hash() { tr -d '\n' <"$SECRETS/redis-$1" | sha256sum | cut -d' ' -f1; }

# The accounts of Redis: hashes of the passwords, put into the template.
make_accounts() {
  local line team accounts
  accounts=$(grep -v '^#' "$ROOT/compose/redis/users.acl.template" | while read -r line; do
    if [[ $line != *'{team}'* ]]; then
      echo "$line"
      continue
    fi
    for team in $TEAMS; do echo "${line//'{team}'/$team}"; done
  done | while read -r line; do
    if [[ $line =~ \{hash:([a-z-]+)\} ]]; then
      line=${line//"${BASH_REMATCH[0]}"/$(password_hash "${BASH_REMATCH[1]}")}
    fi
    echo "$line"
  done)
  if [[ ! -e $SECRETS/users.acl || $(cat "$SECRETS/users.acl") != "$accounts" ]]; then
    put_secret "$SECRETS/users.acl" 0444 <<<"$accounts"
    say "made compose/secrets/users.acl"
  fi
}

# The pair of keys that signs and checks the tokens of the gateway's callers.
make_token_keys() {
  local key=$SECRETS/token-signing-key.pem public=$SECRETS/token-public-key.pem
  if [[ ! -s $key ]]; then
    openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt |
      put_secret "$key" 0600
    say "made compose/secrets/token-signing-key.pem"
  fi
  if [[ ! -s $public || $public -ot $key ]]; then
    openssl ec -in "$key" -pubout 2>/dev/null | put_secret "$public" 0444
  fi
}

# The second after which a token is no longer valid; 0 if it cannot be read.
token_expiry() {
  local payload
  payload=$(cut -d. -f2 "$1" 2>/dev/null | tr -d '\n' | tr '_-' '/+')
  while ((${#payload} % 4 != 0)); do payload+='='; done
  [[ $(base64 -d <<<"$payload" 2>/dev/null) =~ \"exp\":([0-9]+) ]] && echo "${BASH_REMATCH[1]}" || echo 0
}

# make_tokens ISSUER: ISSUER is the program that signs them; they hold for 30 days.
make_tokens() {
  local issuer=$1 team file key=$SECRETS/token-signing-key.pem
  for team in $TEAMS; do
    file=$SECRETS/token-$team
    if [[ $file -nt $key ]] && (($(token_expiry "$file") > $(date +%s) + 86400)); then continue; fi
    "$issuer" --key "$key" --team "$team" --issuer proving-ground | put_secret "$file" 0444
    say "made compose/secrets/token-$team"
  done
}

# make_secrets TOKEN_ISSUER: all of them, in the folder SECRETS.
# The folder is closed to other accounts. Files that go into a container are readable inside it by
# whichever account the service has there, hence 0444; the rest is 0600.
make_secrets() {
  local team
  install -d -m 0700 "$SECRETS"
  for team in $TEAMS monitor; do make_password "$team" 0444; done
  make_password operator 0600
  make_accounts
  make_token_keys
  make_tokens "$1"
}
