#include "core/schematic/column_order.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace headroom::schematic {

using structure::at;

namespace {

/// A run of columns that move together: an item or a bridge.
struct Block {
    std::vector<Column> columns; ///< one, or left and right
    int rank = 0;
    bool hollow = false; ///< a pair without anything on its axis: others may stand inside
    int ties = 0;        ///< gates of the one half that share a row and net with gates of the other
};

/// Where a block's columns stand in the order: `opens` tells left from right halves.
struct Token {
    int block = 0;
    int half = 0;
};

using Order = std::vector<Token>;

class ColumnSearch {
public:
    ColumnSearch(const Branches& branches, const structure::Structure& structure, bool nested)
        : m_branches(branches) {
        for (std::size_t i = 0; i < branches.items.size(); ++i) {
            const ColumnItem& item = branches.items[i];
            Block block;
            block.rank = item.rank;
            block.columns.push_back({item.left, -1, static_cast<int>(i)});
            if (item.pair()) block.columns.push_back({item.right, -1, static_cast<int>(i)});
            block.hollow = nested && item.pair() && item.centre < 0;
            block.ties = item.pair() ? ties(item) : 0;
            m_blocks.push_back(std::move(block));
        }
        for (std::size_t i = 0; i < branches.bridges.size(); ++i)
            m_blocks.push_back({{{-1, static_cast<int>(i), -1}}, kAnyRank, false});
        collectNets(structure);
    }

    std::vector<Column> run() {
        Order order = start();
        double best = cost(order);
        for (int round = 0; round < 12; ++round) {
            bool improved = false;
            for (std::size_t block = 0; block < m_blocks.size(); ++block)
                if (improve(order, static_cast<int>(block), best)) improved = true;
            if (!improved || m_work > kMostWork) break;
        }
        std::vector<Column> columns;
        for (const Token& token : order)
            columns.push_back(m_blocks[at(token.block)].columns[at(token.half)]);
        return columns;
    }

private:
    static constexpr int kAnyRank = 1000;
    /// Of gates that could face each other and do not. Nesting is tried with a will; whether it serves
    /// the drawing shows when it is routed.
    static constexpr double kTieCost = -0.5;
    static constexpr long kMostWork = 8'000'000; // pins looked at, some 20 ms

    struct Touch {
        int block = 0;
        int half = 0; ///< 2: on the axis
    };
    struct Net {
        std::vector<Touch> touches;
        double weight = 1;
        bool output = false;
        bool input = false;
    };

    void collectNets(const structure::Structure& structure) {
        std::map<NetId, Net> nets;
        std::map<NetId, int> gates, channels;
        const auto touch = [&](NetId net, int block, int half) {
            if (net >= 0 && !m_branches.isRail(net)) nets[net].touches.push_back({block, half});
        };
        const auto addChain = [&](int chain, int block, int half) {
            if (chain < 0) return;
            for (const int i : m_branches.chains[at(chain)].elements) {
                const Element& element = m_branches.elements[at(i)];
                touch(element.upper, block, half);
                touch(element.lower, block, half);
                touch(element.control, block, half);
                if (element.control >= 0) ++gates[element.control];
                ++channels[element.upper];
                ++channels[element.lower];
            }
        };
        for (std::size_t i = 0; i < m_branches.items.size(); ++i) {
            const ColumnItem& item = m_branches.items[i];
            addChain(item.left, static_cast<int>(i), 0);
            addChain(item.right, static_cast<int>(i), 1);
            addChain(item.centre, static_cast<int>(i), 2);
        }
        for (std::size_t i = 0; i < m_branches.bridges.size(); ++i) {
            const int block = static_cast<int>(m_branches.items.size() + i);
            for (const NetId net : {m_branches.bridges[i].first, m_branches.bridges[i].last}) {
                touch(net, block, 0);
                ++channels[net];
            }
        }
        for (auto& [id, net] : nets) {
            if (structure.ports) {
                const auto& ports = *structure.ports;
                net.output = id == ports.output || (ports.outputMinus && id == *ports.outputMinus);
                net.input = id == ports.inputPlus || id == ports.inputMinus;
            }
            // Lines that bias many gates end as labels; they pull less.
            const bool bias = gates[id] > 2 || (gates[id] > 1 && net.touches.size() > 4);
            net.weight = bias ? 0.25 : 1;
            if (net.touches.size() > 1 || net.output || net.input) m_nets.push_back(std::move(net));
        }
    }

    int ties(const ColumnItem& item) const {
        int count = 0;
        for (const int left : m_branches.chains[at(item.left)].elements)
            for (const int right : m_branches.chains[at(item.right)].elements) {
                const Element &l = m_branches.elements[at(left)], &r = m_branches.elements[at(right)];
                if (l.control >= 0 && l.control == r.control && l.row == r.row) ++count;
            }
        return count;
    }

    Order start() const {
        std::vector<int> blocks(m_blocks.size());
        for (std::size_t i = 0; i < blocks.size(); ++i)
            blocks[i] = static_cast<int>(i);
        std::stable_sort(blocks.begin(), blocks.end(),
                         [&](int a, int b) { return m_blocks[at(a)].rank < m_blocks[at(b)].rank; });
        Order order;
        for (const int block : blocks)
            for (std::size_t half = 0; half < m_blocks[at(block)].columns.size(); ++half)
                order.push_back({block, static_cast<int>(half)});
        return order;
    }

    double cost(const Order& order) {
        m_place.assign(m_blocks.size() * 3, 0);
        double x = 0;
        for (const Token& token : order) {
            m_place[at(token.block * 3 + token.half)] = x;
            const bool bridge = m_blocks[at(token.block)].columns.front().bridge >= 0;
            x += bridge ? 0.7 : 1;
        }
        for (std::size_t block = 0; block < m_blocks.size(); ++block)
            if (m_blocks[block].columns.size() > 1)
                m_place[block * 3 + 2] = (m_place[block * 3] + m_place[block * 3 + 1]) / 2;
        double sum = 0;
        for (std::size_t block = 0; block < m_blocks.size(); ++block)
            if (m_blocks[block].ties > 0 && m_place[block * 3 + 1] - m_place[block * 3] > 1.01)
                sum += kTieCost * m_blocks[block].ties;
        for (const Net& net : m_nets) {
            double left = 1e9, right = -1e9;
            for (const Touch& touch : net.touches) {
                const double place = m_place[at(touch.block * 3 + touch.half)];
                left = std::min(left, place);
                right = std::max(right, place);
            }
            // A wire that passes a column crosses what is in it.
            sum += net.weight * (right - left + (right - left > 1.01 ? 0.6 : 0));
            if (net.output) sum += 0.4 * (x - right);
            if (net.input) sum += 0.2 * left;
        }
        m_work += static_cast<long>(m_nets.size()) * 4;
        return sum + disorder(order);
    }

    // What stands left of something earlier in the signal flow.
    double disorder(const Order& order) const {
        double sum = 0;
        int highest = -1000;
        for (const Token& token : order) {
            const int rank = m_blocks[at(token.block)].rank;
            if (rank == kAnyRank) continue;
            // The outer half of a pair that stands around others counts on its right end only.
            if (token.half == 0 && m_blocks[at(token.block)].columns.size() > 1) continue;
            if (rank < highest) sum += 3.0 * std::min(highest - rank, 2);
            highest = std::max(highest, rank);
        }
        return sum;
    }

    bool improve(Order& order, int block, double& best) {
        if (m_work > kMostWork) return false;
        Order rest;
        std::size_t own = 0;
        bool found = false;
        for (const Token& token : order) {
            if (token.block != block) {
                rest.push_back(token);
            } else if (!found) {
                own = rest.size();
                found = true;
            }
        }
        const bool large = order.size() > 60;
        const std::size_t reach = large ? 12 : rest.size();
        const std::size_t from = own > reach ? own - reach : 0;
        const std::size_t to = std::min(rest.size(), own + reach);
        Order bestOrder;
        const auto consider = [&](const Order& candidate) {
            const double value = cost(candidate);
            if (value >= best - 1e-9) return;
            best = value;
            bestOrder = candidate;
        };
        const bool pair = m_blocks[at(block)].columns.size() > 1;
        for (std::size_t place = from; place <= to; ++place) {
            if (!splitsPair(rest, place)) consider(inserted(rest, block, place, place));
            if (!pair || !m_blocks[at(block)].hollow || large) continue;
            for (std::size_t end = place + 1; end <= std::min(rest.size(), place + 5); ++end)
                if (balanced(rest, place, end) && !splitsPair(rest, place) && !splitsPair(rest, end))
                    consider(inserted(rest, block, place, end));
        }
        if (bestOrder.empty()) return false;
        order = std::move(bestOrder);
        return true;
    }

    Order inserted(const Order& rest, int block, std::size_t left, std::size_t right) const {
        Order order(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(left));
        order.push_back({block, 0});
        order.insert(order.end(), rest.begin() + static_cast<std::ptrdiff_t>(left),
                     rest.begin() + static_cast<std::ptrdiff_t>(right));
        if (m_blocks[at(block)].columns.size() > 1) order.push_back({block, 1});
        order.insert(order.end(), rest.begin() + static_cast<std::ptrdiff_t>(right), rest.end());
        return order;
    }

    // Whether the place is between the halves of a pair with something on its axis.
    bool splitsPair(const Order& order, std::size_t place) const {
        return place > 0 && place < order.size() && order[place - 1].block == order[place].block &&
               !m_blocks[at(order[place].block)].hollow;
    }

    // Whether the range holds both halves of a pair or none.
    bool balanced(const Order& order, std::size_t begin, std::size_t end) const {
        for (std::size_t i = begin; i < end; ++i) {
            if (m_blocks[at(order[i].block)].columns.size() < 2) continue;
            const auto other =
                std::find_if(order.begin() + static_cast<std::ptrdiff_t>(begin),
                             order.begin() + static_cast<std::ptrdiff_t>(end), [&](const Token& token) {
                                 return token.block == order[i].block && token.half != order[i].half;
                             });
            if (other == order.begin() + static_cast<std::ptrdiff_t>(end)) return false;
        }
        return true;
    }

    const Branches& m_branches;
    std::vector<Block> m_blocks;
    std::vector<Net> m_nets;
    std::vector<double> m_place; // by block * 3 + half
    long m_work = 0;
};

} // namespace

std::vector<Column> orderColumns(const Branches& branches, const structure::Structure& structure,
                                 bool nested) {
    return ColumnSearch(branches, structure, nested).run();
}

} // namespace headroom::schematic
