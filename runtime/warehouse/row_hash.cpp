#include "row_hash.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace callrail {

void RowHasher::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }
void RowHasher::Free::operator()(evp_md_st* digest) const { EVP_MD_free(digest); }

// Looking the algorithm up takes longer than hashing a row.
RowHasher::RowHasher()
    : sha256_{EVP_MD_fetch(nullptr, "SHA256", nullptr)}, context_{EVP_MD_CTX_new()} {}
RowHasher::RowHasher(RowHasher&&) noexcept = default;
RowHasher::~RowHasher() = default;

RowHash RowHasher::of(Text text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  EVP_DigestInit_ex2(context_.get(), sha256_.get(), nullptr);
  EVP_DigestUpdate(context_.get(), text.data(), text.size());
  EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
  RowHash hash;
  std::copy_n(digest.begin(), hash.size(), hash.begin());
  return hash;
}

}  // namespace callrail
