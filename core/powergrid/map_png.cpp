#include <cmath>
#include <csetjmp>
#include <cstring>

#include <png.h>

#include "core/powergrid/map.h"

namespace headroom::powergrid {
namespace {

/// What libpng's callbacks share. Errors leave libpng by a jump, so nothing with a destructor lives in
/// between.
struct Source {
    std::string_view bytes;
    char problem[128] = {};
};

void readBytes(png_structp png, png_bytep target, png_size_t count) {
    auto* source = static_cast<Source*>(png_get_io_ptr(png));
    if (count > source->bytes.size()) png_error(png, "the file is cut off");
    std::memcpy(target, source->bytes.data(), count);
    source->bytes.remove_prefix(count);
}

[[noreturn]] void keepProblem(png_structp png, png_const_charp message) {
    auto* source = static_cast<Source*>(png_get_error_ptr(png));
    std::strncpy(source->problem, message, sizeof source->problem - 1);
    png_longjmp(png, 1);
}

void ignoreWarning(png_structp, png_const_charp) {}

struct Picture {
    png_uint_32 width = 0, height = 0;
    std::vector<unsigned char> bytes; ///< grey, 16 bits, high byte first, the top row first
    std::vector<png_bytep> lines;
};

/// Sizes, and the conversion to grey of 16 bits.
bool readHeader(png_structp png, png_infop info, Picture& picture) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    png_read_info(png, info);
    picture.width = png_get_image_width(png, info);
    picture.height = png_get_image_height(png, info);
    png_set_expand_16(png);
    png_set_strip_alpha(png);
    if ((png_get_color_type(png, info) & PNG_COLOR_MASK_COLOR) != 0) png_set_rgb_to_gray(png, 1, -1, -1);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    return true;
}

bool readLines(png_structp png, Picture& picture) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    png_read_image(png, picture.lines.data());
    return true;
}

Result<Map> readPicture(png_structp png, png_infop info, Source& source, const std::string& fileName) {
    Picture picture;
    const auto bad = [&] {
        return failAt(ErrorCode::BadInput, fileName, 0,
                      std::string("The picture cannot be read: ") + source.problem + ".");
    };
    if (!readHeader(png, info, picture)) return bad();
    auto map = makeMap(picture.width, picture.height);
    if (!map) return failAt(map.error().code, fileName, 0, map.error().message);
    const std::size_t stride = png_get_rowbytes(png, info);
    if (stride != std::size_t{picture.width} * 2)
        return failAt(ErrorCode::Unsupported, fileName, 0, "The picture has an unusual kind of pixels.");
    picture.bytes.resize(stride * picture.height);
    for (std::size_t line = 0; line < picture.height; ++line)
        picture.lines.push_back(picture.bytes.data() + line * stride);
    if (!readLines(png, picture)) return bad();
    for (std::size_t row = 0; row < map->rows; ++row)
        for (std::size_t column = 0; column < map->columns; ++column) {
            const unsigned char* pixel = picture.lines[picture.height - 1 - column] + 2 * row;
            (*map)(row, column) = (256.0 * pixel[0] + pixel[1]) / 65535.0;
        }
    return map;
}

} // namespace

Result<Map> parseMapPng(std::string_view bytes, const std::string& fileName) {
    Source source{bytes};
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source, keepProblem, ignoreWarning);
    png_infop info = png == nullptr ? nullptr : png_create_info_struct(png);
    if (info == nullptr) {
        png_destroy_read_struct(&png, nullptr, nullptr);
        return fail(ErrorCode::Internal, "The PNG library cannot be started.");
    }
    png_set_read_fn(png, &source, readBytes);
    auto map = readPicture(png, info, source, fileName);
    png_destroy_read_struct(&png, &info, nullptr);
    return map;
}

} // namespace headroom::powergrid
