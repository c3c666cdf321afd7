/*
 * What a C compiler makes of the same arithmetic, in one thread: a weighted average of three bf16 models, and TIES over a base
 * and three experts. `native linear|ties RUNS ELEMENTS OUT OPERAND...` reads the operands' bytes, writes what one pass stores to
 * OUT, and prints the seconds of the fastest pass. Like the engine, it stores over its first operand and notes whether
 * a stored word is no finite number.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static inline float float_of(uint32_t bits) {
  float value;
  memcpy(&value, &bits, 4);
  return value;
}

static inline uint32_t bits_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  return bits;
}

static inline float widened(uint16_t word) { return float_of((uint32_t)word << 16); }

/* To nearest, ties to even; every NaN becomes one. */
static inline uint16_t rounded(float value) {
  uint32_t bits = bits_of(value);
  uint32_t word = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  return (bits & 0x7fffffff) > 0x7f800000 ? 0x7fc0 : word;
}

static inline uint16_t not_finite(uint16_t word) { return (word & 0x7f80) == 0x7f80; }

static int linear(uint16_t *restrict a, const uint16_t *restrict b, const uint16_t *restrict c,
                  const float w[3], size_t n) {
  const float wa = w[0], wb = w[1], wc = w[2];
  uint16_t flag = 0;
  for (size_t i = 0; i < n; i++) {
    uint16_t word = rounded(wa * widened(a[i]) + wb * widened(b[i]) + wc * widened(c[i]));
    flag |= not_finite(word);
    a[i] = word;
  }
  return flag;
}

struct ties {
  uint32_t threshold[3];
  /* The sign that elements of no elected one take: 0 for plus, the sign bit for minus. */
  uint32_t majority;
};

/* One expert's entry, or 0 where it is trimmed. */
static inline float trimmed(float change, uint32_t threshold) {
  return (bits_of(change) & 0x7fffffff) >= threshold ? change : 0.0f;
}

static inline int32_t agrees(float change, uint32_t turn) {
  return (int32_t)(bits_of(change) ^ turn) > 0 ? -1 : 0;
}

static inline float kept(float value, int32_t mask) { return float_of(bits_of(value) & (uint32_t)mask); }

static int ties(uint16_t *restrict base, const uint16_t *restrict a, const uint16_t *restrict b,
                const uint16_t *restrict c, const struct ties *law, size_t n) {
  const uint32_t ta = law->threshold[0], tb = law->threshold[1], tc = law->threshold[2];
  const uint32_t majority = law->majority;
  uint16_t flag = 0;
  for (size_t i = 0; i < n; i++) {
    float x = widened(base[i]);
    float da = trimmed(widened(a[i]) - x, ta);
    float db = trimmed(widened(b[i]) - x, tb);
    float dc = trimmed(widened(c[i]) - x, tc);
    float votes = da + db + dc;
    uint32_t zero = (bits_of(votes) & 0x7fffffff) == 0;
    uint32_t turn = zero ? majority : bits_of(votes) & 0x80000000;
    int32_t ma = agrees(da, turn), mb = agrees(db, turn), mc = agrees(dc, turn);
    float sum = kept(da, ma) + kept(db, mb) + kept(dc, mc);
    float share = kept(1.0f, ma) + kept(1.0f, mb) + kept(1.0f, mc);
    float moved = x + sum / share;
    uint16_t word = rounded((ma | mb | mc) ? moved : x);
    flag |= not_finite(word);
    base[i] = word;
  }
  return flag;
}

/* The magnitude of rank k from the top, by counts of its upper and then of its lower half. */
static uint32_t kth(const uint16_t *base, const uint16_t *expert, size_t n, size_t rank) {
  static uint32_t bins[65536];
  uint32_t found = 0;
  for (int level = 0; level < 2; level++) {
    memset(bins, 0, sizeof bins);
    for (size_t i = 0; i < n; i++) {
      uint32_t key = bits_of(widened(expert[i]) - widened(base[i])) & 0x7fffffff;
      if (level == 0) bins[key >> 16]++;
      else if (key >> 16 == found) bins[key & 0xffff]++;
    }
    uint32_t bin = 65535;
    size_t above = 0;
    while (bin > 0 && above + bins[bin] < rank) above += bins[bin--];
    rank -= above;
    found = level == 0 ? bin : found << 16 | bin;
  }
  return found;
}

static struct ties law_of(uint16_t *const *operands, size_t n, double density) {
  struct ties law = {{0}, 0};
  size_t plus = 0, minus = 0;
  for (int expert = 0; expert < 3; expert++)
    law.threshold[expert] = kth(operands[0], operands[expert + 1], n, (size_t)(n * density) + 1);
  for (size_t i = 0; i < n; i++) {
    float x = widened(operands[0][i]), votes = 0;
    for (int expert = 0; expert < 3; expert++) {
      float change = trimmed(widened(operands[expert + 1][i]) - x, law.threshold[expert]);
      votes = expert == 0 ? change : votes + change;
    }
    if (votes > 0) plus++;
    if (votes < 0) minus++;
  }
  law.majority = plus > minus ? 0 : 0x80000000;
  return law;
}

static uint16_t *read_words(const char *path, size_t n) {
  uint16_t *words = aligned_alloc(64, (2 * n + 127) / 64 * 64);
  FILE *file = fopen(path, "rb");
  if (!words || !file || fread(words, 2, n, file) != n) {
    fprintf(stderr, "%s cannot be read\n", path);
    exit(1);
  }
  fclose(file);
  return words;
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

int main(int count, char **words) {
  if (count < 8) return 2;
  int is_ties = strcmp(words[1], "ties") == 0, runs = atoi(words[2]), flags = 0;
  size_t n = strtoull(words[3], NULL, 10);
  uint16_t *operands[4] = {0};
  for (int i = 0; i + 5 < count && i < 4; i++) operands[i] = read_words(words[i + 5], n);
  const float weights[3] = {0.5f, 0.3f, 0.2f};
  struct ties law = {{0}, 0};
  if (is_ties) law = law_of(operands, n, 0.2);
  double best = 1e9;
  for (int run = 0; run <= runs; run++) {
    double start = seconds();
    flags |= is_ties ? ties(operands[0], operands[1], operands[2], operands[3], &law, n)
                     : linear(operands[0], operands[1], operands[2], weights, n);
    double took = seconds() - start;
    if (run > 0 && took < best) best = took;
    if (run > 0) continue;
    FILE *out = fopen(words[4], "wb");
    if (!out || fwrite(operands[0], 2, n, out) != n || fclose(out) != 0) return 1;
  }
  printf("%.9f %d\n", best, flags);
  return 0;
}
