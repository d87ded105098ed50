#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "core/base/error.h"
#include "core/compute/weight_file.h"
#include "core/delay/table.h"

namespace headroom::delay {

/// Numbers that something has learned, by name; names of parts begin with the part's and a slash.
class NamedNumbers {
public:
    void put(const std::string& name, std::vector<double> values) { m_all[name] = std::move(values); }
    void put(const std::string& name, const Eigen::MatrixXd& matrix); ///< column by column
    void putPart(const std::string& part, const NamedNumbers& numbers);
    NamedNumbers part(const std::string& part) const;

    bool has(const std::string& name) const { return m_all.contains(name); }
    /// Error Corrupt where there are none of that name.
    Result<std::vector<double>> find(const std::string& name) const;
    /// The same, and where there are not @p count of them.
    Result<std::vector<double>> find(const std::string& name, std::size_t count) const;
    Result<Eigen::MatrixXd> findMatrix(const std::string& name, Eigen::Index rows,
                                       Eigen::Index columns) const;

    const std::map<std::string, std::vector<double>>& all() const { return m_all; }

private:
    std::map<std::string, std::vector<double>> m_all;
};

/// All that a generator needs to sample: what it was fitted on is not among it, unless it samples from that.
struct GeneratorState {
    Table columns; ///< without rows
    NamedNumbers numbers;
    compute::WeightFile weights; ///< of a network
};

} // namespace headroom::delay
