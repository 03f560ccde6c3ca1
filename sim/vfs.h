/* SQLite on the simulated disks. */
#ifndef PARLEY_SIM_VFS_H
#define PARLEY_SIM_VFS_H

#include <stdint.h>

/* Makes the simulated disks SQLite's own, and its chance that of the seed. */
void vfs_begin(uint64_t seed);

#endif
