#include "core/delay/generator_state.h"

#include <fmt/format.h>

namespace headroom::delay {

void NamedNumbers::put(const std::string& name, const Eigen::MatrixXd& matrix) {
    m_all[name].assign(matrix.data(), matrix.data() + matrix.size());
}

void NamedNumbers::putPart(const std::string& part, const NamedNumbers& numbers) {
    for (const auto& [name, values] : numbers.m_all)
        m_all[part + '/' + name] = values;
}

NamedNumbers NamedNumbers::part(const std::string& part) const {
    NamedNumbers found;
    const std::string start = part + '/';
    for (auto each = m_all.lower_bound(start); each != m_all.end() && each->first.starts_with(start); ++each)
        found.m_all[each->first.substr(start.size())] = each->second;
    return found;
}

Result<std::vector<double>> NamedNumbers::find(const std::string& name) const {
    const auto found = m_all.find(name);
    if (found != m_all.end()) return found->second;
    return fail(ErrorCode::Corrupt, fmt::format("The model has no numbers \"{}\".", name));
}

Result<std::vector<double>> NamedNumbers::find(const std::string& name, std::size_t count) const {
    auto found = find(name);
    if (!found || found->size() == count) return found;
    return fail(ErrorCode::Corrupt,
                fmt::format("The model has {} numbers \"{}\" instead of {}.", found->size(), name, count));
}

Result<Eigen::MatrixXd> NamedNumbers::findMatrix(const std::string& name, Eigen::Index rows,
                                                 Eigen::Index columns) const {
    const auto found = find(name, static_cast<std::size_t>(rows * columns));
    if (!found) return forward(found);
    return Eigen::MatrixXd(Eigen::Map<const Eigen::MatrixXd>(found->data(), rows, columns));
}

} // namespace headroom::delay
