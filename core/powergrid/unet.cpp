#include "core/powergrid/unet.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/bounds.h"
#include "core/compute/network_library.h"
#include "core/powergrid/network_factory.h"

namespace headroom::powergrid {
namespace {

Result<std::unique_ptr<Unet>> makeUnet(const UnetConfig& config, std::uint64_t seed,
                                       const compute::WeightFile* weights, compute::DeviceChoice choice) {
    if (const auto valid = config.validate(); !valid) return forward(valid);
    return compute::NetworkLibrary::make<MakeUnet, Unet>(kMakeUnet, choice, config, seed, weights);
}

std::int64_t roundedUp(std::int64_t value, std::int64_t multiple) {
    return (value + multiple - 1) / multiple * multiple;
}

/// A stretch of one side of the image.
struct Stretch {
    std::int64_t begin = 0, end = 0;           ///< of the piece
    std::int64_t outerBegin = 0, outerEnd = 0; ///< with what is around it; multiples of the alignment
};

/// @param length of the side, a multiple of the alignment
std::vector<Stretch> stretches(std::int64_t length, std::int64_t tile, std::int64_t margin) {
    std::vector<Stretch> all;
    for (std::int64_t begin = 0; begin < length; begin += tile) {
        const std::int64_t end = std::min(begin + tile, length);
        all.push_back(
            {begin, end, std::max<std::int64_t>(0, begin - margin), std::min(length, end + margin)});
    }
    return all;
}

/// The part of an image, continued by its last pixels beyond its ends.
ImageBatch part(const ImageBatch& image, const Stretch& rows, const Stretch& columns) {
    ImageBatch result(1, image.channels, rows.outerEnd - rows.outerBegin,
                      columns.outerEnd - columns.outerBegin);
    for (std::int64_t c = 0; c < image.channels; ++c) {
        const float* from = image.channel(0, c);
        float* to = result.channel(0, c);
        for (std::int64_t r = 0; r < result.rows; ++r) {
            const float* row = from + std::min(rows.outerBegin + r, image.rows - 1) * image.columns;
            for (std::int64_t k = 0; k < result.columns; ++k)
                *to++ = row[std::min(columns.outerBegin + k, image.columns - 1)];
        }
    }
    return result;
}

} // namespace

ImageBatch::ImageBatch(std::int64_t imageCount, std::int64_t channelCount, std::int64_t rowCount,
                       std::int64_t columnCount)
    : images(imageCount)
    , channels(channelCount)
    , rows(rowCount)
    , columns(columnCount)
    , values(static_cast<std::size_t>(imageCount * channelCount * rowCount * columnCount), 0.0F) {}

float* ImageBatch::channel(std::int64_t image, std::int64_t channel) {
    return values.data() + (image * channels + channel) * rows * columns;
}

const float* ImageBatch::channel(std::int64_t image, std::int64_t channel) const {
    return values.data() + (image * channels + channel) * rows * columns;
}

Result<void> UnetConfig::validate() const {
    return checkAll({checkWithin("The number of inputs", inputs, 1, 64),
                     checkWithin("The width", width, 1, 1024),
                     checkWithin("The number of levels", levels, 1, 6)});
}

Result<void> UnetTraining::validate() const {
    return checkAll({checkWithin("The number of epochs", epochs, 1, 1e6),
                     checkWithin("The batch size", batchSize, 1, 1e5),
                     checkWithin("The learning rate", learningRate, 1e-8, 1),
                     checkWithin("The weight decay", weightDecay, 0, 10),
                     checkWithin("The decay of the weight average", averageDecay, 0, 0.999999),
                     checkWithin("The focus on hotspots", hotspotFocus, 0, 1e6),
                     checkWithin("The share of images for validation", validationShare, 0, 0.9),
                     checkWithin("The number of threads", threads, 1, 4096)});
}

Result<std::unique_ptr<Unet>> createUnet(const UnetConfig& config, std::uint64_t seed,
                                         compute::DeviceChoice device) {
    return makeUnet(config, seed, nullptr, device);
}

Result<std::unique_ptr<Unet>> loadUnet(const UnetConfig& config, const compute::WeightFile& weights,
                                       compute::DeviceChoice device) {
    return makeUnet(config, 0, &weights, device);
}

Result<ImageBatch> predictLarge(Unet& network, const ImageBatch& image, std::int64_t tile, int threads,
                                JobContext& context) {
    const std::int64_t alignment = network.config().alignment();
    if (image.images != 1 || image.rows < 1 || image.columns < 1)
        return fail(ErrorCode::BadInput, "One image of at least one pixel is predicted at a time.");
    tile = roundedUp(std::max<std::int64_t>(tile, alignment), alignment);
    const std::int64_t margin = roundedUp(network.config().receptiveRadius(), alignment);
    const auto rows = stretches(roundedUp(image.rows, alignment), tile, margin);
    const auto columns = stretches(roundedUp(image.columns, alignment), tile, margin);
    ImageBatch result(1, 1, image.rows, image.columns);
    std::size_t done = 0;
    for (const Stretch& down : rows) {
        for (const Stretch& across : columns) {
            if (context.cancelled()) return failCancelled();
            const auto piece = network.predict(part(image, down, across), threads, context);
            if (!piece) return forward(piece);
            const std::int64_t lastRow = std::min(down.end, image.rows);
            const std::int64_t lastColumn = std::min(across.end, image.columns);
            for (std::int64_t r = down.begin; r < lastRow; ++r) {
                const float* from =
                    piece->values.data() + (r - down.outerBegin) * piece->columns - across.outerBegin;
                std::copy(from + across.begin, from + lastColumn,
                          result.values.data() + r * image.columns + across.begin);
            }
            context.progress(static_cast<double>(++done) / static_cast<double>(rows.size() * columns.size()),
                             "Predicting");
        }
    }
    return result;
}

} // namespace headroom::powergrid
