#!/usr/bin/env bash
# Test on a Slurm cluster.
# Usage: tools/slurm_test.sh PARTITION JOB_NAME CONFIG CHECKPOINT [options of tools/test.py]
set -e
# NTASKS processes, TASKS_PER_NODE on each node, a GPU each; on a cluster
# without GPUs set GRES to nothing: GRES= tools/slurm_test.sh ...
NTASKS=${NTASKS:-8}
TASKS_PER_NODE=${TASKS_PER_NODE:-8}
GRES=${GRES---gres=gpu:$TASKS_PER_NODE}
TOOLS=$(dirname "$0")

# shellcheck disable=SC2086  # they hold several words, or none
srun -p "$1" \
    --job-name="$2" \
    $GRES \
    --ntasks="$NTASKS" \
    --ntasks-per-node="$TASKS_PER_NODE" \
    --cpus-per-task="${CPUS_PER_TASK:-5}" \
    --kill-on-bad-exit=1 \
    $SRUN_ARGS \
    python -u "$TOOLS/test.py" "$3" "$4" --launcher slurm "${@:5}"
