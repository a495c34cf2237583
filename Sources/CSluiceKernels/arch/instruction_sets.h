// The instruction sets that a processor must have to run a kernel.
//
// One list has two uses: it is the compiler's target for the kernel's file, and choose.c asks the processor for everything
// in it. With two lists the compiler could use an instruction set that choose.c does not check: LZCNT, where missing,
// executes as BSR and gives other numbers.

#ifndef SLUICE_INSTRUCTION_SETS_H
#define SLUICE_INSTRUCTION_SETS_H

// AVX2 implies none of the others: hypervisors can mask each of them.
#define SLUICE_AVX2_FEATURES(each, between)                                                                                        \
    each("avx2") between each("bmi") between each("bmi2") between each("lzcnt") between each("popcnt") between each("pclmul")

#define SLUICE_AVX512_FEATURES(each, between)                                                                                      \
    SLUICE_AVX2_FEATURES(each, between)                                                                                            \
    between each("avx512f") between each("avx512bw") between each("avx512vl") between each("avx512vbmi") between each("avx512vbmi2")

// The list as text for a target attribute.
#define SLUICE_FEATURE_NAME(name) name
#define SLUICE_TARGET(features) target(features(SLUICE_FEATURE_NAME, ","))

#endif
