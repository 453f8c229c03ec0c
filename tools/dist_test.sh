#!/usr/bin/env bash
# Test with several processes on one or more nodes, GPUs or (without any) CPUs.
# Usage: tools/dist_test.sh CONFIG CHECKPOINT NUM_PROCESSES [options of tools/test.py]
set -e
CONFIG=$1
CHECKPOINT=$2
NUM_PROCESSES=$3
TOOLS=$(dirname "$0")

torchrun \
    --nnodes="${NNODES:-1}" \
    --node_rank="${NODE_RANK:-0}" \
    --master_addr="${MASTER_ADDR:-127.0.0.1}" \
    --master_port="${PORT:-29500}" \
    --nproc_per_node="$NUM_PROCESSES" \
    "$TOOLS/test.py" "$CONFIG" "$CHECKPOINT" --launcher pytorch "${@:4}"
