#pragma once

#include <cstdint>
#include <vector>

#include "core/base/error.h"

namespace headroom::diffusion {

/// How fast data turn into noise over the steps t = 0 (data) to T (pure noise):
/// x_t = signal(t) x_0 + noise(t) eps, with signal^2 + noise^2 = 1.
class NoiseSchedule {
public:
    /// The cosine schedule (Nichol and Dhariwal 2021, equation 17, s = 0.008, beta clipped at 0.999),
    /// shifted and scaled so that the signal-to-noise ratio at T is zero (Lin et al. 2024, algorithm 1).
    /// @param steps T, at least 2
    static NoiseSchedule cosine(int steps);

    /// The linear schedule (Ho et al. 2020, section 4): beta_t goes evenly from the first to the last, and
    /// alphaBar is the product of 1 - beta. Some data are left at T, unlike of the cosine schedule.
    /// @param steps T, at least 2  @param firstBeta, lastBeta in (0, 1)
    static NoiseSchedule linear(int steps, double firstBeta, double lastBeta);

    int steps() const { return static_cast<int>(m_alphaBar.size()) - 1; }

    /// Share of the variance that is still data, from 1 at t = 0 to (cosine: exactly) 0 at T.
    double alphaBar(int t) const { return m_alphaBar[static_cast<std::size_t>(t)]; }
    /// log(signal / noise), from +infinity at t = 0 to (cosine) -infinity at T: half the logarithm of the
    /// signal-to-noise ratio.
    double logRatio(int t) const;
    double signal(int t) const; ///< sqrt(alphaBar), "alpha_t" of the v-parameterisation
    double noise(int t) const;  ///< sqrt(1 - alphaBar), "sigma_t" of the v-parameterisation

private:
    std::vector<double> m_alphaBar;
};

/// v = signal eps - noise x_0 (Salimans and Ho 2022, appendix D): what the network predicts.
template <class Factor, class Value>
Value velocity(const Factor& signal, const Factor& noise, const Value& data, const Value& eps) {
    return eps * signal - data * noise;
}

/// x_0 from x_t and v.
template <class Factor, class Value>
Value dataFromVelocity(const Factor& signal, const Factor& noise, const Value& noisy, const Value& v) {
    return noisy * signal - v * noise;
}

/// eps from x_t and v.
template <class Factor, class Value>
Value noiseFromVelocity(const Factor& signal, const Factor& noise, const Value& noisy, const Value& v) {
    return noisy * noise + v * signal;
}

/// One move of the reverse process from step t to an earlier step s:
/// x_s = dataFactor x_0 + noiseFactor eps + freshNoise z with z standard normal. Of second order x_0 stands
/// for the prediction at t, and extrapolation times (x_0 - the x_0 predicted one move earlier) is added.
struct ReverseStep {
    int from = 0; ///< t
    int to = 0;   ///< s < t
    double dataFactor = 0;
    double noiseFactor = 0;
    double freshNoise = 0;
    double extrapolation = 0;
};

/// The reverse move (Song et al. 2021, equations 12 and 16). @p stochasticity eta: 0 is DDIM; 1 has the mean
/// and variance of the DDPM posterior q(x_s | x_t, x_0).
ReverseStep reverseStep(const NoiseSchedule& schedule, int from, int to, double stochasticity);

/// The moves of a whole reverse process in @p count steps from T to 0, evenly spaced and counted from the
/// end so that T itself is included ("trailing", Lin et al. 2024, section 3.3).
/// @param count from 1 to T
/// @param order 2: DPM-Solver++(2M) (Lu et al. 2022, algorithm 2), with noise its form for stochastic
///        differential equations. The first two moves and the last stay of first order, since log(signal /
///        noise) is infinite at T and at 0.
std::vector<ReverseStep> reverseProcess(const NoiseSchedule& schedule, int count, double stochasticity,
                                        int order = 1);

} // namespace headroom::diffusion
