#pragma once

#include <array>

/// How the performances are measured: shared by the workers and by the stand-alone deck.
namespace headroom::simulation::procedure {

/// Of the supply voltage: how far from its level the output may rest before the bias counts as failed.
inline constexpr double outputTolerance = 0.1;
/// Of the supply voltage: how near to a rail the outputs of a fully differential amplifier may rest.
inline constexpr double railTolerance = 0.03;
/// A gate this far below threshold (V) carries less than a thousandth of the threshold current.
inline constexpr double offOverdrive = -0.25;
inline constexpr double lowestFrequency = 0.1;    ///< Hz
inline constexpr double highestFrequency = 10e9;  ///< Hz
inline constexpr double lowestNoiseFrequency = 1; ///< Hz
inline constexpr double noiseShare = 0.1;         ///< of f_t: where the noise density is looked at
/// Of the open loop's response, which only has to tell where the crossings are and how often the phase has
/// turned by then; as many where these are too few for that, and where the curve itself is shown.
inline constexpr int pointsPerDecade = 4;
inline constexpr int finePointsPerDecade = 20;
inline constexpr int noisePointsPerDecade = 8;
/// Of the output's impedance in unity-gain feedback, whose turns tell whether the amplifier oscillates. Where
/// neighbouring points are too far apart for that, the interval is divided into so many, so many times at
/// most.
inline constexpr int stabilityPointsPerDecade = 8;
inline constexpr int closerStabilityPoints = 8;
inline constexpr int closerStabilityLooks = 4;
inline constexpr int measuredPointsPerDecade = 100; ///< where a user's expressions look at the open loop
/// A crossing is then read off so many points of the circuit itself within this share of the frequency to
/// either side; in so many windows at most, none further from the last one than this many decades.
inline constexpr int crossingPoints = 6;
inline constexpr double crossingWindow = 0.05;
inline constexpr int crossingWindows = 5;
inline constexpr double longestCrossingStep = 0.1;
/// What a sweep's end is multiplied by, so that rounding cannot drop the last point.
inline constexpr double rounding = 1 + 1e-9;
/// Steps per supply voltage in the DC sweeps; limits are interpolated between them.
inline constexpr double sweepStepsPerSupply = 20;
/// The step in which a limit lies is divided into so many, and that again where it is not exact yet; so many
/// times at most.
inline constexpr int closerSweepSteps = 4;
inline constexpr int closerSweeps = 2;
/// Of a step: how far the cubic and the parabolas through a limit's neighbours may differ where it is exact.
inline constexpr double exactFall = 5e-4;
/// Of a step: what a sweep's end is moved by, so that rounding cannot drop the last point.
inline constexpr double sweepSlack = 0.01;
/// Of the supply voltage: how far beyond the rails the common-mode input is swept.
inline constexpr double inputOverreach = 0.3;
/// Heights of the step, as shares of the supply voltage: an output that does not follow one is given the
/// next.
inline constexpr std::array stepShares = {0.4, 0.2, 0.1};
/// Shares of the step between which the slope is taken: after the inner nodes have moved, while the input
/// pair is still overdriven. On the example amplifiers this is within 3 % of the steepest slope.
inline constexpr double slopeFrom = 0.2;
inline constexpr double slopeTo = 0.5;
/// Time windows of the step response that are tried one after the other, in units of 1 / (2 pi f_t). The
/// first one is enough where the slew rate is the input pair's current over the dominant capacitance.
inline constexpr std::array stepWindows = {5.0, 25.0, 125.0, 1000.0};
/// Time steps per window, at least.
inline constexpr double stepsPerWindow = 20;
inline constexpr double riseTimeShare = 0.05; ///< of 1 / (2 pi f_t)
/// Of the step: the band around the settled value that the settling time refers to.
inline constexpr double settlingBand = 0.01;
/// Windows for the settling time, as stepWindows, and the share at their end over which the
/// output may move by no more than a tenth of the band, so that the last value is the settled one.
inline constexpr std::array settlingWindows = {16.0, 32.0, 125.0, 1000.0};
inline constexpr double settlingStep = 0.25; ///< the longest time step, in the same units
/// The same for an output that rings out of its band again: coarse steps change how fast the ringing dies.
inline constexpr double fineSettlingStep = 1.0 / 32;
/// How much longer than the settling time that the coarse steps told the fine ones look: so many times as
/// long, and so many time constants.
inline constexpr double fineWindow = 1.1;
inline constexpr double fineWindowReserve = 2;
inline constexpr double settledShare = 0.3;
inline constexpr double settledMovement = 0.1;
/// Of the step: how far from its end an output may settle; further off it does not follow.
inline constexpr double settledTolerance = 0.2;
/// Volts at the gates of the loads per volt that the output common mode is off, where the bench holds it.
inline constexpr double commonModeGain = 20;
/// Of the supply voltage: what the current sources below a cascode whose gate the bench biases are left.
inline constexpr double cascodeReserve = 0.15;

} // namespace headroom::simulation::procedure
