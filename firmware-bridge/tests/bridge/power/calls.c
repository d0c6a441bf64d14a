/* The calls of the C library by which a process reaches its disk, led through the disk of disk.h. */
#include "disk.h"
#include <stdarg.h>
#include <sys/uio.h>

static void opened(int fd, int flags, int was, const char *whole) {
  if (fd < 0) return;
  if (fd >= FDS) die("too many open files");
  int file = was;
  if (file < 0) { /* created */
    file = new_file();
    change_names(whole, file, NULL);
    point();
  } else if (flags & O_TRUNC) {
    note(file, 0, NULL, 0, 1);
    point();
  }
  of_fd[fd] = file + 1;
}

static int open_any(int dir, const char *path, int flags, mode_t mode) {
  char whole[PATH_MAX];
  pthread_mutex_lock(&lock);
  int ours = dir == AT_FDCWD && is_ours(path, whole);
  int was = ours ? known(whole) : -1;
  int fd = (int)raw(SYS_openat, dir, (long)path, flags, mode);
  if (ours) {
    opened(fd, flags, was, whole);
  } else if (fd >= 0 && fd < FDS) {
    char real_path[PATH_MAX];
    of_fd[fd] = folder[0] && path && realpath(path, real_path) && !strcmp(real_path, folder) ? -1 : 0;
  }
  pthread_mutex_unlock(&lock);
  return fd;
}

#define MODE(flags) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { \
    va_list rest; \
    va_start(rest, flags); \
    mode = va_arg(rest, mode_t); \
    va_end(rest); \
  }

int open(const char *path, int flags, ...) {
  MODE(flags)
  return open_any(AT_FDCWD, path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  MODE(flags)
  return open_any(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}
int openat(int dir, const char *path, int flags, ...) {
  MODE(flags)
  return open_any(dir, path, flags, mode);
}
int openat64(int dir, const char *path, int flags, ...) {
  MODE(flags)
  return open_any(dir, path, flags | O_LARGEFILE, mode);
}

int close(int fd) {
  if (fd >= 0 && fd < FDS) {
    pthread_mutex_lock(&lock);
    of_fd[fd] = 0;
    pthread_mutex_unlock(&lock);
  }
  return (int)raw(SYS_close, fd, 0, 0, 0);
}

static int file_of(int fd) { return fd >= 0 && fd < FDS && of_fd[fd] > 0 ? of_fd[fd] - 1 : -1; }

static ssize_t write_at(int fd, const void *bytes, size_t length, off_t where) {
  pthread_mutex_lock(&lock);
  int file = file_of(fd);
  if (file >= 0) {
    note(file, where, bytes, length, 0);
    point();
  }
  ssize_t n = raw(SYS_pwrite64, fd, (long)bytes, (long)length, where);
  if (file >= 0 && n != (ssize_t)length) die("the real disk did not take a write");
  pthread_mutex_unlock(&lock);
  return n;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t where) { return write_at(fd, bytes, length, where); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t where) { return write_at(fd, bytes, length, where); }

ssize_t write(int fd, const void *bytes, size_t length) {
  if (file_of(fd) < 0) return raw(SYS_write, fd, (long)bytes, (long)length, 0);
  int flags = (int)raw(SYS_fcntl, fd, F_GETFL, 0, 0);
  off_t where = lseek(fd, 0, flags & O_APPEND ? SEEK_END : SEEK_CUR);
  ssize_t n = write_at(fd, bytes, length, where);
  if (n > 0) lseek(fd, where + n, SEEK_SET);
  return n;
}

ssize_t writev(int fd, const struct iovec *parts, int many) {
  if (file_of(fd) >= 0) die("writev is not known here");
  return raw(SYS_writev, fd, (long)parts, many, 0);
}
ssize_t pwritev(int fd, const struct iovec *parts, int many, off_t where) {
  if (file_of(fd) >= 0) die("pwritev is not known here");
  return syscall(SYS_pwritev, fd, parts, many, where, 0);
}

static int length_to(int fd, off_t length) {
  pthread_mutex_lock(&lock);
  int file = file_of(fd);
  if (file >= 0) {
    note(file, length, NULL, 0, 1);
    point();
  }
  int done = (int)raw(SYS_ftruncate, fd, length, 0, 0);
  pthread_mutex_unlock(&lock);
  return done;
}
int ftruncate(int fd, off_t length) { return length_to(fd, length); }
int ftruncate64(int fd, off64_t length) { return length_to(fd, length); }
int fallocate(int fd, int mode, off_t from, off_t length) {
  if (file_of(fd) >= 0) {
    errno = EOPNOTSUPP;
    return -1;
  }
  return (int)raw(SYS_fallocate, fd, mode, from, length);
}

static int is_a_lie(int file) {
  if (!lies) return 0;
  if (!strcmp(lies, "all")) return 1;
  for (size_t i = 0; i < names; i++)
    if (current[i].file == file && ends_with(current[i].path, lies)) return 1;
  return 0;
}

static int sync_it(int fd) {
  pthread_mutex_lock(&lock);
  int file = file_of(fd);
  if (file >= 0) {
    point();
    if (!is_a_lie(file)) {
      for (struct change *c = files[file].first; c; c = c->next) apply(&files[file].durable, c);
      forget(&files[file]);
    }
  } else if (fd >= 0 && fd < FDS && of_fd[fd] == -1) {
    point();
    if (!lies || strcmp(lies, "all")) {
      reached(pendings);
      pendings = 0;
    }
  }
  pthread_mutex_unlock(&lock);
  return 0;
}
int fsync(int fd) { return sync_it(fd); }
int fdatasync(int fd) { return sync_it(fd); }

static int unlink_it(const char *path, int dir, int flags) {
  char whole[PATH_MAX];
  pthread_mutex_lock(&lock);
  int ours = dir == AT_FDCWD && !flags && is_ours(path, whole) && known(whole) >= 0;
  if (ours) {
    change_names(whole, -1, NULL);
    point();
  }
  int done = (int)raw(SYS_unlinkat, dir, (long)path, flags, 0);
  pthread_mutex_unlock(&lock);
  return done;
}
int unlink(const char *path) { return unlink_it(path, AT_FDCWD, 0); }
int unlinkat(int dir, const char *path, int flags) { return unlink_it(path, dir, flags); }

int rename(const char *from, const char *to) {
  char a[PATH_MAX], b[PATH_MAX];
  pthread_mutex_lock(&lock);
  int file = is_ours(from, a) ? known(a) : -1;
  if (file >= 0) {
    if (!is_ours(to, b)) die("a file leaves the folder");
    known(b);
    change_names(b, file, a);
    point();
  }
  int done = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
  pthread_mutex_unlock(&lock);
  return done;
}
