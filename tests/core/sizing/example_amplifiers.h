#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/sizing/amplifier_source.h"
#include "core/sizing/design_space.h"

namespace headroom::sizing {

/// An amplifier that ships with the program, in its default technology.
inline std::shared_ptr<const simulation::AmplifierUnderTest> exampleAmplifier(const std::string& name) {
    const auto amplifier = openAmplifier(resourcePath("examples/" + name + ".sp"), "freepdk45");
    EXPECT_TRUE(amplifier) << (amplifier ? "" : amplifier.error().describe());
    return amplifier ? *amplifier : nullptr;
}

inline DesignSpace spaceOf(const simulation::AmplifierUnderTest& amplifier) {
    auto space = DesignSpace::create(amplifier);
    EXPECT_TRUE(space) << (space ? "" : space.error().describe());
    return *space;
}

} // namespace headroom::sizing
