extern "C" __attribute__((visibility("default"))) int strange_function();
int strange_function() {
    return 1;
}
