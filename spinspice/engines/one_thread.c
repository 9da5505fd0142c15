/* OpenMP with one thread: the entry points of GCC's libgomp that ngspice calls, without teams, barriers and futexes.
 *
 * Preloaded into ngspice, which asks for one thread anyway (set num_threads=1). A parallel region is then a call, a task
 * is a call, a barrier is nothing: what libgomp does for a team of one, in the same order, so all results are the same
 * to the last bit. The clock, which ngspice reads several times a time point to account for its own time, is that which
 * costs a memory access (4 ms fine) in place of a processor's counter. Entry points that are not here go to libgomp, which sees no team and works in the calling thread too.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags)
{
    (void)threads, (void)flags;
    body(data);
}

void GOMP_task(void (*body)(void *), void *data, void (*copy)(void *, void *), long size, long align, bool now,
               unsigned flags, void **depend, int priority, void *detach)
{
    (void)now, (void)flags, (void)depend, (void)priority, (void)detach;
    if (!copy) {
        body(data);
        return;
    }
    char room[size + align];
    char *own = (char *)(((uintptr_t)room + align - 1) & ~(uintptr_t)(align - 1));
    copy(own, data);
    body(own);
}

void GOMP_barrier(void) {}
void GOMP_taskwait(void) {}
bool GOMP_single_start(void) { return true; }

int omp_get_num_threads(void) { return 1; }
int omp_get_max_threads(void) { return 1; }
int omp_get_thread_num(void) { return 0; }
int omp_in_parallel(void) { return 0; }
void omp_set_num_threads(int threads) { (void)threads; }

double omp_get_wtime(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec + 1e-9 * now.tv_nsec;
}
