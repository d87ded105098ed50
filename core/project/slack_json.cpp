#include "core/project/slack_json.h"

#include <stdexcept>

#include "core/project/exploration_json.h"

namespace headroom::project {
namespace {

using nlohmann::json;
using sizing::Slack;
using sizing::VariableSlack;

json variableJson(const VariableSlack& variable) {
    return {
        {"numbers", toJson(std::vector<double>{variable.low, variable.high, variable.togetherLow,
                                               variable.togetherHigh, variable.mean, variable.deviation})},
        {"ends_at_limit", variable.endsAtLimit}};
}

VariableSlack variableFromJson(const json& value) {
    const std::vector<double> numbers = numbersFromJson(value.at("numbers"));
    return {numbers.at(0), numbers.at(1), value.at("ends_at_limit").get<std::array<bool, 2>>(),
            numbers.at(2), numbers.at(3), numbers.at(4),
            numbers.at(5)};
}

json rowsOf(const Eigen::MatrixXd& matrix) {
    json rows = json::array();
    for (Eigen::Index row = 0; row < matrix.rows(); ++row) {
        const Eigen::VectorXd numbers = matrix.row(row);
        rows.push_back(toJson(std::vector<double>(numbers.begin(), numbers.end())));
    }
    return rows;
}

/// A sizing of the file, of as many sizes as the slack has.
std::vector<double> sizingFromJson(const json& value, std::size_t sizes) {
    std::vector<double> values = numbersFromJson(value);
    if (values.size() != sizes) throw std::out_of_range("a sizing of another number of sizes");
    return values;
}

Eigen::MatrixXd matrixFromJson(const json& value, std::size_t sizes) {
    Eigen::MatrixXd matrix(static_cast<Eigen::Index>(sizes), static_cast<Eigen::Index>(sizes));
    if (value.size() != sizes) throw std::out_of_range("a covariance of another number of sizes");
    for (std::size_t row = 0; row < sizes; ++row) {
        const std::vector<double> numbers = sizingFromJson(value[row], sizes);
        for (std::size_t column = 0; column < sizes; ++column)
            matrix(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(column)) = numbers[column];
    }
    return matrix;
}

} // namespace

json toJson(const Slack& slack) {
    json variables = json::array(), directions = json::array(), samples = json::array();
    json simulated = json::array(), learned = json::array();
    for (const VariableSlack& variable : slack.variables)
        variables.push_back(variableJson(variable));
    for (const sizing::SlackDirection& direction : slack.directions)
        directions.push_back({{"deviation", toJson(std::vector<double>{direction.deviation})},
                              {"components", toJson(direction.components)}});
    for (const std::vector<double>& sample : slack.samples)
        samples.push_back(toJson(sample));
    for (const sizing::SimulatedSample& sample : slack.simulated)
        simulated.push_back({{"values", toJson(sample.values)},
                             {"shortfall", toJson(std::vector<double>{sample.shortfall})}});
    for (const sizing::LearnedSimulation& simulation : slack.learned)
        learned.push_back(
            {{"values", toJson(simulation.values)}, {"evaluation", toJson(simulation.evaluation)}});
    return {{"centre", toJson(slack.centre)},
            {"variables", variables},
            {"covariance", rowsOf(slack.covariance)},
            {"directions", directions},
            {"samples", samples},
            {"simulated", simulated},
            {"learned", learned},
            {"confirmed", slack.confirmed},
            {"simulations", slack.simulations}};
}

Slack slackFromJson(const json& value) {
    Slack slack;
    slack.centre = numbersFromJson(value.at("centre"));
    const std::size_t sizes = slack.centre.size();
    for (const json& variable : value.at("variables"))
        slack.variables.push_back(variableFromJson(variable));
    if (slack.variables.size() != sizes) throw std::out_of_range("intervals of another number of sizes");
    slack.covariance = matrixFromJson(value.at("covariance"), sizes);
    for (const json& direction : value.at("directions"))
        slack.directions.push_back({numbersFromJson(direction.at("deviation")).at(0),
                                    sizingFromJson(direction.at("components"), sizes)});
    for (const json& sample : value.at("samples"))
        slack.samples.push_back(sizingFromJson(sample, sizes));
    for (const json& sample : value.at("simulated"))
        slack.simulated.push_back(
            {sizingFromJson(sample.at("values"), sizes), numbersFromJson(sample.at("shortfall")).at(0)});
    for (const json& simulation : value.at("learned"))
        slack.learned.push_back({sizingFromJson(simulation.at("values"), sizes),
                                 evaluationFromJson(simulation.at("evaluation"))});
    slack.confirmed = value.at("confirmed").get<std::size_t>();
    slack.simulations = value.at("simulations").get<std::size_t>();
    return slack;
}

} // namespace headroom::project
