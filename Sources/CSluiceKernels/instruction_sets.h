// What a processor must have for a kernel to run on it.
//
// One list serves for both: the compiler is given it as the target of the kernel's file, and choose.c asks the processor
// for all that is in it. An instruction set that only the compiler knew of could be used unasked; LZCNT, where it is
// missing, is executed as BSR and gives other numbers.

#ifndef SLUICE_INSTRUCTION_SETS_H
#define SLUICE_INSTRUCTION_SETS_H

// AVX2 comes with neither of the others: hypervisors can mask each of them.
#define SLUICE_AVX2_FEATURES(each, between)                                                                      \
    each("avx2") between each("bmi") between each("bmi2") between each("lzcnt") between each("popcnt") between \
        each("pclmul")

#define SLUICE_AVX512_FEATURES(each, between)                                                             \
    SLUICE_AVX2_FEATURES(each, between) between each("avx512f") between each("avx512bw") between         \
        each("avx512vl") between each("avx512vbmi") between each("avx512vbmi2")

// The list as the text that a target attribute takes.
#define SLUICE_FEATURE_NAME(name) name
#define SLUICE_TARGET(features) target(features(SLUICE_FEATURE_NAME, ","))

#endif
