#!/usr/bin/env bash
# Makes the passwords that compose.yaml reads, once; what is there stays. Usage: make-secrets.sh [FOLDER]
set -euo pipefail
folder=${1:-"$(dirname "$0")/secrets"}
# Containers read the files as users of their own, so the folder is what keeps others of this machine out.
mkdir -p "$folder" && chmod 700 "$folder"
umask 022

random() { head -c 24 /dev/urandom | base64 | tr '+/' '-_'; }
put() { [ -e "$folder/$1" ] || printf '%s' "$2" >"$folder/$1"; }

put database_password "$(random)"
put database_url "postgresql://dustwatch:$(cat "$folder/database_password")@database/dustwatch"
put objects_user dustwatch
put objects_password "$(random)"
put grafana_password "$(random)"
# Filled in by hand: `dustwatch accounts token create`, and what the cameras ask for.
put queue_token ""
put camera_password ""
