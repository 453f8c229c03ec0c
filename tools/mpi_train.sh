#!/usr/bin/env bash
# Train with MPI on one or more nodes, GPUs or (without any) CPUs.
# Usage: tools/mpi_train.sh CONFIG NUM_PROCESSES [options of tools/train.py]
set -e
# MPIRUN_ARGS takes what your MPI wants, such as "--hostfile hosts". Processes
# on several nodes must know the host of the first one: MASTER_ADDR.
CONFIG=$1
NUM_PROCESSES=$2
TOOLS=$(dirname "$0")
export MASTER_ADDR=${MASTER_ADDR:-127.0.0.1}
export MASTER_PORT=${PORT:-29500}

# shellcheck disable=SC2086  # it holds several words, or none
mpirun -n "$NUM_PROCESSES" -x MASTER_ADDR -x MASTER_PORT $MPIRUN_ARGS \
    python "$TOOLS/train.py" "$CONFIG" --launcher mpi "${@:3}"
