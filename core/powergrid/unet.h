#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/compute/device.h"
#include "core/compute/weight_file.h"

namespace headroom::powergrid {

/// Images of one size: image by image, channel by channel, row by row.
struct ImageBatch {
    std::int64_t images = 0, channels = 0, rows = 0, columns = 0;
    std::vector<float> values;

    ImageBatch() = default;
    /// All zero.
    ImageBatch(std::int64_t images, std::int64_t channels, std::int64_t rows, std::int64_t columns);

    /// The first value of a channel of an image; rows * columns values follow.
    float* channel(std::int64_t image, std::int64_t channel);
    const float* channel(std::int64_t image, std::int64_t channel) const;
};

/// Shape of a U-Net (Ronneberger, Fischer and Brox 2015): two 3 x 3 convolutions at each resolution, halved
/// by maxima on the way down and doubled by repetition on the way up, where what was there on the way down is
/// joined by skip connections. No normalisation layers, so that what it says of a pixel depends on no more
/// than receptiveRadius() pixels around it.
struct UnetConfig {
    int inputs = 3;    ///< channels
    int width = 16;    ///< channels at full resolution; doubled with every halving
    int levels = 3;    ///< halvings
    bool skips = true; ///< false: an encoder and a decoder without connections, for comparison

    /// Pixels whose number in each direction must be a multiple of this inside the network.
    int alignment() const { return 1 << levels; }
    int receptiveRadius() const { return 8 * alignment() - 6; }
    Result<void> validate() const;

    bool operator==(const UnetConfig&) const = default;
};

struct UnetTraining {
    int epochs = 12;
    int batchSize = 2;           ///< many small steps do more for these smooth fields than few large ones
    double learningRate = 1e-3;  ///< peak; warm-up, then cosine decay to zero
    double weightDecay = 1e-4;   ///< of convolutions, times the learning rate per step (AdamW)
    double averageDecay = 0.995; ///< of the moving average whose weights are kept
    /// How much more an error counts at an image's largest target than at a target of zero: the weight of a
    /// pixel is 1 + focus (target / largest)^2.
    double hotspotFocus = 0;
    /// Whether images are mirrored and turned by chance, which the laws of a sheet do not see.
    bool turns = true;
    double validationShare = 0.1; ///< of the images, the last ones; they choose the weights that are kept
    std::uint64_t seed = 1;
    int threads = 1; ///< of one operator on a CPU

    Result<void> validate() const;
};

struct UnetReport {
    std::vector<float> epochLoss;      ///< mean weighted square error
    std::vector<float> validationLoss; ///< of the averaged weights, by epoch; empty without validation
    int bestEpoch = 0;                 ///< whose weights were kept, from 1
    double seconds = 0;
};

/// A network from images of several channels to images of one. One network is not thread-safe.
class Unet {
public:
    virtual ~Unet() = default;

    virtual const UnetConfig& config() const = 0;

    /// @param inputs channels as in the config, sides multiples of alignment()  @param targets one channel
    /// Errors: BadInput (shapes, values that are not finite), Convergence, Cancelled; the weights are then
    /// those of before.
    virtual Result<UnetReport> train(const ImageBatch& inputs, const ImageBatch& targets,
                                     const UnetTraining& training, JobContext& context) = 0;

    /// Images whose sides are multiples of alignment(). @return one channel  @param threads of one operator
    virtual Result<ImageBatch> predict(const ImageBatch& inputs, int threads, JobContext& context) = 0;

    virtual compute::WeightFile weights() const = 0;
};

/// Fresh weights by @p seed alone. Errors: those of compute::NetworkLibrary::load(), BadInput.
Result<std::unique_ptr<Unet>> createUnet(const UnetConfig& config, std::uint64_t seed,
                                         compute::DeviceChoice device);
/// Errors: as above, and Corrupt where the weights do not fit.
Result<std::unique_ptr<Unet>> loadUnet(const UnetConfig& config, const compute::WeightFile& weights,
                                       compute::DeviceChoice device);

/// Predicts one image of any size. Sides that are no multiples of the alignment are continued by their last
/// pixels; images larger than @p tile are predicted piece by piece with so much around each piece that the
/// result is that of the whole image at once. Errors: those of Unet::predict().
Result<ImageBatch> predictLarge(Unet& network, const ImageBatch& image, std::int64_t tile, int threads,
                                JobContext& context);

} // namespace headroom::powergrid
