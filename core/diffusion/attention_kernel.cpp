#include "core/diffusion/attention_kernel.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

// Vectors of floats never cross a function that is not inlined.
#pragma GCC diagnostic ignored "-Wpsabi"

#define HEADROOM_INLINE inline __attribute__((always_inline))

namespace headroom::diffusion {
namespace {

constexpr std::size_t kLanes = 8;
/// Eight floats: one register of AVX2, two of SSE. What is wider than a register passes through memory at
/// every operation.
using Floats = float __attribute__((vector_size(kLanes * sizeof(float)), aligned(4), may_alias));
using Integers = std::int32_t __attribute__((vector_size(kLanes * sizeof(std::int32_t))));

constexpr std::size_t padded(std::size_t count) {
    return (count + kLanes - 1) / kLanes * kLanes;
}

HEADROOM_INLINE Floats& at(float* address) {
    return *reinterpret_cast<Floats*>(address);
}
HEADROOM_INLINE const Floats& at(const float* address) {
    return *reinterpret_cast<const Floats*>(address);
}

/// A matrix of floats in memory: element (i, j) at i * row + j * column.
struct View {
    const float* data;
    std::size_t row;
    std::size_t column;
};

/// c = a b, @p count rows of a at a time. b and c are row-major, their rows padded to whole vectors.
template <std::size_t count>
HEADROOM_INLINE void multiplyRows(const View& a, const float* b, float* c, std::size_t inner,
                                  std::size_t columns) {
    for (std::size_t j = 0; j < columns; j += kLanes) {
        Floats sums[count] = {};
        for (std::size_t k = 0; k < inner; ++k) {
            const Floats row = at(b + k * columns + j);
            for (std::size_t i = 0; i < count; ++i)
                sums[i] += a.data[i * a.row + k * a.column] * row;
        }
        for (std::size_t i = 0; i < count; ++i)
            at(c + i * columns + j) = sums[i];
    }
}

HEADROOM_INLINE void multiply(View a, const float* b, float* c, std::size_t rows, std::size_t inner,
                              std::size_t columns) {
    // Eight sums keep both multipliers busy while each waits for its last product.
    std::size_t i = 0;
    for (; i + 8 <= rows; i += 8, a.data += 8 * a.row)
        multiplyRows<8>(a, b, c + i * columns, inner, columns);
    for (; i + 4 <= rows; i += 4, a.data += 4 * a.row)
        multiplyRows<4>(a, b, c + i * columns, inner, columns);
    for (; i < rows; ++i, a.data += a.row)
        multiplyRows<1>(a, b, c + i * columns, inner, columns);
}

/// exp for x <= 0, to a relative error of 2e-7 (Cephes' polynomial for 2^r); 0 below -87.
HEADROOM_INLINE Floats exponential(Floats x) {
    x = x < -87.0F ? Floats{} - 87.0F : x;
    const Floats powers = x * 1.44269504F;
    const Floats whole = (powers + 12582912.0F) - 12582912.0F; // to the nearest integer
    const Floats rest = (x - whole * 0.693359375F) + whole * 2.12194440e-4F;
    Floats value = rest * 1.9875691500e-4F + 1.3981999507e-3F;
    value = value * rest + 8.3334519073e-3F;
    value = value * rest + 4.1665795894e-2F;
    value = value * rest + 1.6666665459e-1F;
    value = value * rest + 5.0000001201e-1F;
    value = value * rest * rest + rest + 1.0F;
    const Integers exponent = (__builtin_convertvector(whole, Integers) + 127) << 23;
    return value * std::bit_cast<Floats>(exponent);
}

HEADROOM_INLINE float sum(Floats x) {
    float total = 0;
    for (std::size_t i = 0; i < kLanes; ++i)
        total += x[i];
    return total;
}

/// Softmax of scale * scores over the first @p tokens of each padded row; the padding becomes zero.
HEADROOM_INLINE void softmaxRow(float* scores, std::size_t tokens, float scale) {
    float largest = scores[0];
    std::size_t next = 0;
    if (tokens >= kLanes) {
        Floats most = at(scores);
        for (next = kLanes; next + kLanes <= tokens; next += kLanes)
            most = at(scores + next) > most ? at(scores + next) : most;
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            largest = std::max(largest, most[lane]);
    }
    for (; next < tokens; ++next)
        largest = std::max(largest, scores[next]);
    Floats sums = {};
    for (std::size_t j = 0; j < padded(tokens); j += kLanes) {
        at(scores + j) = exponential((at(scores + j) - largest) * scale);
        for (std::size_t lane = tokens > j ? tokens - j : 0; lane < kLanes; ++lane)
            scores[j + lane] = 0;
        sums += at(scores + j);
    }
    const float inverse = 1.0F / sum(sums);
    for (std::size_t j = 0; j < padded(tokens); j += kLanes)
        at(scores + j) *= inverse;
}

/// One head of one row of the batch: T tokens of d numbers. Copies have rows padded to whole vectors, the
/// padding zero.
class Head {
public:
    explicit Head(const AttentionShape& shape)
        : tokens(shape.tokens)
        , width(shape.headWidth)
        , paddedTokens(padded(tokens))
        , paddedWidth(padded(width)) {}

    std::size_t tokens, width, paddedTokens, paddedWidth;

    std::size_t wide() const { return tokens * paddedWidth; }       ///< floats of a T x d matrix
    std::size_t square() const { return tokens * paddedTokens; }    ///< floats of a T x T matrix
    std::size_t transposed() const { return width * paddedTokens; } ///< floats of a d x T matrix

    HEADROOM_INLINE void copy(const float* from, std::size_t stride, float* to) const {
        for (std::size_t i = 0; i < tokens; ++i)
            std::copy_n(from + i * stride, width, to + i * paddedWidth);
    }
    HEADROOM_INLINE void copyTransposed(const float* from, std::size_t stride, float* to) const {
        for (std::size_t i = 0; i < tokens; ++i) {
            for (std::size_t j = 0; j < width; ++j)
                to[j * paddedTokens + i] = from[i * stride + j];
        }
    }
    /// T x d matrix c = a b with a of T x T and b of T x d.
    HEADROOM_INLINE void mix(const View& a, const float* b, float* c) const {
        multiply(a, b, c, tokens, tokens, paddedWidth);
    }
    HEADROOM_INLINE void copyBack(const float* from, float* to, std::size_t stride) const {
        for (std::size_t i = 0; i < tokens; ++i)
            std::copy_n(from + i * paddedWidth, width, to + i * stride);
    }
};

HEADROOM_INLINE void forward(const AttentionShape& shape, const float* qkv, const float* mask, float* mixed,
                             float* probabilities) {
    const Head head(shape);
    const std::size_t stride = 3 * shape.width();
    const float scale = 1.0F / std::sqrt(static_cast<float>(head.width));
    std::vector<float> keys(head.transposed()), values(head.wide()), result(head.wide());
    for (std::size_t row = 0; row < shape.rows; ++row) {
        for (std::size_t h = 0; h < shape.heads; ++h) {
            const float* const query = qkv + row * head.tokens * stride + h * head.width;
            head.copyTransposed(query + shape.width(), stride, keys.data());
            head.copy(query + 2 * shape.width(), stride, values.data());
            float* const scores = probabilities + (row * shape.heads + h) * head.square();
            multiply({query, stride, 1}, keys.data(), scores, head.tokens, head.width, head.paddedTokens);
            for (std::size_t i = 0; mask != nullptr && i < head.tokens; ++i) {
                const float* const hidden = mask + (h * head.tokens + i) * head.tokens;
                for (std::size_t j = 0; j < head.tokens; ++j)
                    scores[i * head.paddedTokens + j] += hidden[j];
            }
            for (std::size_t i = 0; i < head.tokens; ++i)
                softmaxRow(scores + i * head.paddedTokens, head.tokens, scale);
            head.mix({scores, head.paddedTokens, 1}, values.data(), result.data());
            head.copyBack(result.data(), mixed + row * head.tokens * shape.width() + h * head.width,
                          shape.width());
        }
    }
}

/// Gradient of the scores from that of the probabilities, in place: scale p (g - sum p g).
HEADROOM_INLINE void softmaxRowBackward(const float* probabilities, float* gradient, std::size_t columns,
                                        float scale) {
    Floats dots = {};
    for (std::size_t j = 0; j < columns; j += kLanes)
        dots += at(probabilities + j) * at(gradient + j);
    const float dot = sum(dots);
    for (std::size_t j = 0; j < columns; j += kLanes)
        at(gradient + j) = at(probabilities + j) * (at(gradient + j) - dot) * scale;
}

HEADROOM_INLINE void backward(const AttentionShape& shape, const float* qkv, const float* probabilities,
                              const float* mixedGradient, float* qkvGradient) {
    const Head head(shape);
    const std::size_t stride = 3 * shape.width();
    const float scale = 1.0F / std::sqrt(static_cast<float>(head.width));
    std::vector<float> values(head.transposed()), queries(head.wide()), keys(head.wide()),
        incoming(head.wide());
    std::vector<float> scores(head.square()), result(head.wide());
    for (std::size_t row = 0; row < shape.rows; ++row) {
        for (std::size_t h = 0; h < shape.heads; ++h) {
            const std::size_t offset = row * head.tokens * stride + h * head.width;
            const float* const query = qkv + offset;
            float* const queryGradient = qkvGradient + offset;
            head.copy(query, stride, queries.data());
            head.copy(query + shape.width(), stride, keys.data());
            head.copyTransposed(query + 2 * shape.width(), stride, values.data());
            const float* const outer = mixedGradient + row * head.tokens * shape.width() + h * head.width;
            head.copy(outer, shape.width(), incoming.data());
            const float* const weights = probabilities + (row * shape.heads + h) * head.square();

            head.mix({weights, 1, head.paddedTokens}, incoming.data(), result.data());
            head.copyBack(result.data(), queryGradient + 2 * shape.width(), stride);
            multiply({incoming.data(), head.paddedWidth, 1}, values.data(), scores.data(), head.tokens,
                     head.width, head.paddedTokens);
            for (std::size_t i = 0; i < head.tokens; ++i) {
                softmaxRowBackward(weights + i * head.paddedTokens, scores.data() + i * head.paddedTokens,
                                   head.paddedTokens, scale);
            }
            head.mix({scores.data(), head.paddedTokens, 1}, keys.data(), result.data());
            head.copyBack(result.data(), queryGradient, stride);
            head.mix({scores.data(), 1, head.paddedTokens}, queries.data(), result.data());
            head.copyBack(result.data(), queryGradient + shape.width(), stride);
        }
    }
}

#if defined(__x86_64__)
#define HEADROOM_AVX2 __attribute__((target("avx2,fma")))
#define HEADROOM_AVX512 __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")))

HEADROOM_AVX2 void forwardAvx2(const AttentionShape& shape, const float* qkv, const float* mask, float* mixed,
                               float* probabilities) {
    forward(shape, qkv, mask, mixed, probabilities);
}
HEADROOM_AVX2 void backwardAvx2(const AttentionShape& shape, const float* qkv, const float* probabilities,
                                const float* mixedGradient, float* qkvGradient) {
    backward(shape, qkv, probabilities, mixedGradient, qkvGradient);
}
HEADROOM_AVX512 void forwardAvx512(const AttentionShape& shape, const float* qkv, const float* mask,
                                   float* mixed, float* probabilities) {
    forward(shape, qkv, mask, mixed, probabilities);
}
HEADROOM_AVX512 void backwardAvx512(const AttentionShape& shape, const float* qkv, const float* probabilities,
                                    const float* mixedGradient, float* qkvGradient) {
    backward(shape, qkv, probabilities, mixedGradient, qkvGradient);
}

bool hasAvx512() {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
}
bool hasAvx2() {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#endif

} // namespace

std::size_t AttentionShape::probabilities() const {
    return rows * heads * tokens * padded(tokens);
}

void attentionForward(const AttentionShape& shape, const float* qkv, const float* mask, float* mixed,
                      float* probabilities) {
#if defined(__x86_64__)
    if (hasAvx512()) return forwardAvx512(shape, qkv, mask, mixed, probabilities);
    if (hasAvx2()) return forwardAvx2(shape, qkv, mask, mixed, probabilities);
#endif
    forward(shape, qkv, mask, mixed, probabilities);
}

void attentionBackward(const AttentionShape& shape, const float* qkv, const float* probabilities,
                       const float* mixedGradient, float* qkvGradient) {
#if defined(__x86_64__)
    if (hasAvx512()) return backwardAvx512(shape, qkv, probabilities, mixedGradient, qkvGradient);
    if (hasAvx2()) return backwardAvx2(shape, qkv, probabilities, mixedGradient, qkvGradient);
#endif
    backward(shape, qkv, probabilities, mixedGradient, qkvGradient);
}

} // namespace headroom::diffusion
