/* A disk whose power fails, for one folder of one process (LD_PRELOAD).
 *
 * What the process writes goes to the real files at once, so that it reads what it has written; beside that, what would
 * survive is held in memory: of each file the bytes as of its last fsync, and every write since then; of the folder the
 * names as of its last fsync, and every change of a name since then. Each write, change of length, sync and change of a
 * name is one point. At point FAULTY_AT the power goes: of the writes that were not synced some reach the disk and some do
 * not, some only with a few of their sectors and in any order; of the changes of names the first few do, since every file
 * system of today keeps their order. The files are then left as that disk would show them, and the process is gone.
 *
 * FAULTY_DIR   the folder; files whose names end in "-shm" are memory, not disk, and do not outlive the process
 * FAULTY_AT    the point at which the power goes; 0: never, and the number of points is written at the end
 * FAULTY_SEED  what chance decides
 * FAULTY_LIES  "all": no sync is real, as with synchronous=OFF; "-wal": none of a file with that end, as with NORMAL
 * FAULTY_COUNT where the number of points goes
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FILES = 512, FDS = 4096, NAMES = 512, SECTOR = 512, GONE = 86 };

struct change { /* not synced: bytes at an offset, or a new length */
  struct change *next;
  off_t at;
  size_t length;
  int is_length;
  unsigned char *bytes;
};
struct bytes {
  unsigned char *at;
  size_t length;
};
struct file {
  int used;
  struct bytes durable;
  struct change *first, *last;
  struct bytes end; /* as the power left it */
};
struct name {
  char path[PATH_MAX];
  int file; /* -1: no such name */
};
struct rename { /* not synced: these names, at once, now mean these files, or nothing */
  struct name to, from;
};

static struct file files[FILES];
static int of_fd[FDS]; /* file + 1; 0: not ours; -1: the folder */
static struct name current[NAMES], durable[NAMES];
static struct rename *pending;
static size_t pendings, names, durables;
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static char folder[PATH_MAX];
static long at, points;
static uint64_t state;
static const char *lies, *count;

static long raw(long number, long a, long b, long c, long d) { return syscall(number, a, b, c, d); }

static void die(const char *why) {
  fprintf(stderr, "the faulty disk: %s\n", why);
  raw(SYS_exit_group, 87, 0, 0, 0);
}

static uint64_t chance(uint64_t of) { /* splitmix64 */
  uint64_t z = (state += 0x9E3779B97F4A7C15ull);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return (z ^ (z >> 31)) % of;
}

static void *must(void *p) {
  if (!p) die("out of memory");
  return p;
}

static void grow(struct bytes *b, size_t length) {
  if (length > b->length) {
    b->at = must(realloc(b->at, length));
    memset(b->at + b->length, 0, length - b->length);
  }
  b->length = length;
}

static void put(struct bytes *b, const struct change *c, size_t from, size_t until) {
  if ((size_t)c->at + until > b->length) grow(b, (size_t)c->at + until);
  memcpy(b->at + c->at + from, c->bytes + from, until - from);
}

static int ends_with(const char *text, const char *end) {
  size_t n = strlen(text), m = strlen(end);
  return n >= m && !strcmp(text + n - m, end);
}

/* In our folder itself, on disk and not in shared memory; gives the whole name. */
static int is_ours(const char *path, char *whole) {
  if (!folder[0] || !path) return 0;
  if (path[0] == '/')
    snprintf(whole, PATH_MAX, "%s", path);
  else {
    char here[PATH_MAX / 2];
    if (!getcwd(here, sizeof here)) return 0;
    snprintf(whole, PATH_MAX, "%s/%s", here, path);
  }
  size_t n = strlen(folder);
  if (strncmp(whole, folder, n) || whole[n] != '/' || strchr(whole + n + 1, '/')) return 0;
  return !ends_with(whole, "-shm");
}

static struct name *find(struct name *in, size_t count_, const char *path) {
  for (size_t i = 0; i < count_; i++)
    if (!strcmp(in[i].path, path)) return &in[i];
  return NULL;
}

static struct name *slot(struct name *in, size_t *count_, const char *path) {
  struct name *found = find(in, *count_, path);
  if (found) return found;
  if (*count_ == NAMES) die("too many names");
  found = &in[(*count_)++];
  snprintf(found->path, PATH_MAX, "%s", path);
  found->file = -1;
  return found;
}

static int new_file(void) {
  for (int i = 0; i < FILES; i++)
    if (!files[i].used) {
      files[i].used = 1;
      return i;
    }
  die("too many files");
  return -1;
}

static void change_names(const char *to, int file, const char *from) {
  slot(current, &names, to)->file = file;
  if (from) slot(current, &names, from)->file = -1;
  pending = must(realloc(pending, (pendings + 1) * sizeof *pending));
  struct rename *r = memset(&pending[pendings++], 0, sizeof *r);
  snprintf(r->to.path, PATH_MAX, "%s", to);
  r->to.file = file;
  snprintf(r->from.path, PATH_MAX, "%s", from ? from : "");
}

/* The first so many changes of names are on the disk. */
static void reached(size_t many) {
  for (size_t i = 0; i < many; i++) {
    slot(durable, &durables, pending[i].to.path)->file = pending[i].to.file;
    if (pending[i].from.path[0]) slot(durable, &durables, pending[i].from.path)->file = -1;
  }
}

/* What was there before the process is on the disk. */
static void load(const char *path, int file) {
  int fd = (int)raw(SYS_openat, AT_FDCWD, (long)path, O_RDONLY, 0);
  if (fd < 0) return;
  struct stat s;
  if (fstat(fd, &s) || s.st_size < 0) die("a file cannot be looked at");
  struct bytes *b = &files[file].durable;
  grow(b, (size_t)s.st_size);
  for (size_t done = 0; done < b->length;) {
    long n = raw(SYS_pread64, fd, (long)(b->at + done), (long)(b->length - done), (long)done);
    if (n <= 0) die("a file cannot be read");
    done += (size_t)n;
  }
  raw(SYS_close, fd, 0, 0, 0);
}

static int known(const char *path) {
  struct name *n = find(current, names, path);
  if (n) return n->file;
  struct stat s;
  if (fstatat(AT_FDCWD, path, &s, 0)) return -1;
  int file = new_file();
  load(path, file);
  slot(current, &names, path)->file = file;
  slot(durable, &durables, path)->file = file;
  return file;
}

static void forget(struct file *f) {
  while (f->first) {
    struct change *c = f->first;
    f->first = c->next;
    free(c->bytes);
    free(c);
  }
  f->last = NULL;
}

static void note(int file, off_t where, const void *bytes, size_t length, int is_length) {
  struct change *c = must(calloc(1, sizeof *c));
  c->at = where;
  c->length = length;
  c->is_length = is_length;
  if (!is_length && length) {
    c->bytes = must(malloc(length));
    memcpy(c->bytes, bytes, length);
  }
  struct file *f = &files[file];
  if (f->last)
    f->last->next = c;
  else
    f->first = c;
  f->last = c;
}

static void apply(struct bytes *b, const struct change *c) {
  if (c->is_length)
    grow(b, (size_t)c->at);
  else
    put(b, c, 0, c->length);
}

/* Some of what was not synced, some of it torn; later writes may be there without earlier ones. */
static void end_of(struct file *f) {
  struct bytes *b = &f->end;
  grow(b, f->durable.length);
  if (b->length) memcpy(b->at, f->durable.at, b->length);
  uint64_t mood = chance(4); /* 0: nothing, 1: all, else: some */
  for (struct change *c = f->first; c; c = c->next) {
    if (mood == 0) break;
    if (mood == 1 || c->is_length) {
      if (mood == 1 || chance(2)) apply(b, c);
      continue;
    }
    uint64_t fate = chance(3);
    if (fate == 0) apply(b, c);
    if (fate == 1)
      for (size_t from = 0; from < c->length;) {
        size_t until = from + (SECTOR - ((size_t)c->at + from) % SECTOR);
        if (until > c->length) until = c->length;
        if (chance(2)) put(b, c, from, until);
        from = until;
      }
  }
}

static void power_off(void) {
  reached(chance(pendings + 1));
  for (int i = 0; i < FILES; i++)
    if (files[i].used) end_of(&files[i]);
  for (size_t i = 0; i < names; i++) raw(SYS_unlinkat, AT_FDCWD, (long)current[i].path, 0, 0);
  for (size_t i = 0; i < durables; i++) {
    if (durable[i].file < 0) continue;
    struct bytes *b = &files[durable[i].file].end;
    int fd = (int)raw(SYS_openat, AT_FDCWD, (long)durable[i].path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    if (fd < 0) die("a file cannot be left behind");
    for (size_t done = 0; done < b->length;) {
      long n = raw(SYS_pwrite64, fd, (long)(b->at + done), (long)(b->length - done), (long)done);
      if (n <= 0) die("a file cannot be written");
      done += (size_t)n;
    }
  }
  raw(SYS_exit_group, GONE, 0, 0, 0);
}

static void point(void) {
  if (++points == at) power_off();
}

static void at_the_end(void) {
  if (!count) return;
  char text[32];
  int n = snprintf(text, sizeof text, "%ld\n", points);
  int fd = (int)raw(SYS_openat, AT_FDCWD, (long)count, O_CREAT | O_TRUNC | O_WRONLY, 0600);
  if (fd < 0 || raw(SYS_write, fd, (long)text, n, 0) != n) die("the count cannot be written");
}

__attribute__((constructor)) static void begin(void) {
  const char *dir = getenv("FAULTY_DIR"), *n = getenv("FAULTY_AT"), *seed = getenv("FAULTY_SEED");
  if (!dir) return;
  if (!realpath(dir, folder)) die("FAULTY_DIR is not there");
  at = n ? atol(n) : 0;
  state = (seed ? strtoull(seed, NULL, 10) : 1) * 0xD1342543DE82EF95ull + (uint64_t)at;
  lies = getenv("FAULTY_LIES");
  count = getenv("FAULTY_COUNT");
  atexit(at_the_end);
}
