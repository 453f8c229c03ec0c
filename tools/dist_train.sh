#!/usr/bin/env bash
# Train with several processes on one or more nodes, GPUs or (without any) CPUs.
# Usage: tools/dist_train.sh CONFIG NUM_PROCESSES [options of tools/train.py]
set -e
CONFIG=$1
NUM_PROCESSES=$2
TOOLS=$(dirname "$0")

torchrun \
    --nnodes="${NNODES:-1}" \
    --node_rank="${NODE_RANK:-0}" \
    --master_addr="${MASTER_ADDR:-127.0.0.1}" \
    --master_port="${PORT:-29500}" \
    --nproc_per_node="$NUM_PROCESSES" \
    "$TOOLS/train.py" "$CONFIG" --launcher pytorch "${@:3}"
