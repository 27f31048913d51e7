cd /tmp/s8; OMP_NUM_THREADS=${T:-1} PYTHONPATH=/tmp/s8 taskset -c ${C:-0} /work/main/.venv/bin/python -u t8.py "$@" 2>&1 | grep --line-buffered -v Warn
