using Amazon.Runtime;
using Amazon.S3;

namespace Blog.Content.Media;

static class ObjectStorageRegistration
{
    /// <summary>Files under Blog:DataFolder/media, or the bucket that Blog:Storage:S3 names (Bucket, and where they are needed ServiceUrl, Region, AccessKey, SecretKey).</summary>
    public static IHostApplicationBuilder AddObjectStorage(this IHostApplicationBuilder builder)
    {
        var s3 = builder.Configuration.GetSection("Blog:Storage:S3");
        if (s3["Bucket"] is { Length: > 0 } bucket)
            builder.Services.AddSingleton<IObjectStorage>(_ => new S3ObjectStorage(Client(s3), bucket));
        else
            builder.Services.AddSingleton<IObjectStorage>(_ => new FileObjectStorage(Path.Combine(
                builder.Configuration["Blog:DataFolder"] ?? throw new InvalidOperationException("Blog:DataFolder is not configured. The AppHost sets it; set Blog__DataFolder when a service runs alone."), "media")));
        return builder;
    }

    static AmazonS3Client Client(IConfigurationSection s3)
    {
        var config = new AmazonS3Config { AuthenticationRegion = s3["Region"] ?? "us-east-1" };
        if (s3["ServiceUrl"] is { Length: > 0 } url)
            (config.ServiceURL, config.ForcePathStyle) = (url, true);
        // Without keys: the machine's role, the environment, or a profile, as the SDK finds them.
        return s3["AccessKey"] is { Length: > 0 } key ? new AmazonS3Client(new BasicAWSCredentials(key, s3["SecretKey"]), config) : new AmazonS3Client(config);
    }
}
